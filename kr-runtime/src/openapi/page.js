"use strict";

const page = document.getElementById("page");
SwaggerUIBundle({
  domNode: page,
  url: page.dataset.document,
  deepLinking: true,
  displayRequestDuration: true,
  showExtensions: true,
  showCommonExtensions: true,
  // Nothing is asked of others.
  validatorUrl: null,
});
