// Follows the board, and sends what the forms say.

const element = (id) => document.getElementById(id);

function follow() {
    const source = new EventSource("/board");
    source.onopen = () => { element("status").textContent = "live"; };
    source.onmessage = (event) => show(JSON.parse(event.data).notes);
    // It connects again by itself, unless the server has refused it, as when there are too many connections.
    source.onerror = () => {
        element("status").textContent = "offline";
        if (source.readyState === EventSource.CLOSED) setTimeout(follow, 1000);
    };
}

// An event is the whole board, so it takes the place of what the page shows. A note that is being edited stays as it is.
function show(notes) {
    const list = element("notes");
    for (const item of [...list.children]) {
        if (!(item.dataset.id in notes)) item.remove();
    }
    for (const [index, [id, text]] of Object.entries(notes).entries()) {
        const item = list.querySelector(`[data-id="${id}"]`) ?? newItem(id);
        if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
        const { text: input } = item.querySelector("form").elements;
        if (input !== document.activeElement) input.value = text;
        input.defaultValue = text;
    }
}

function newItem(id) {
    const item = document.createElement("li");
    item.dataset.id = id;
    // No text of a user is in here. What users wrote is set as a value.
    item.innerHTML = `<form>
        <input name="text" aria-label="Note ${id}" maxlength="200" required>
        <button>Save</button> <button type="button">Remove</button>
    </form>`;
    const form = item.querySelector("form");
    form.onsubmit = async (event) => {
        if (await submit(event, "PUT", `/notes/${id}`)) form.elements.text.blur();
    };
    form.querySelector("[type=button]").onclick = () => send("DELETE", `/notes/${id}`);
    return item;
}

async function submit(event, method, path) {
    event.preventDefault();
    const { text } = event.target.elements;
    return send(method, path, { text: text.value });
}

// Returns whether it has worked. If not, the page says what the server said.
async function send(method, path, body) {
    const headers = { "content-type": "application/json" };
    let error = "";
    try {
        const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
        if (!response.ok) error = (await response.json()).detail;
    } catch {
        error = "the server cannot be reached";
    }
    element("error").textContent = error;
    return error === "";
}

element("add").onsubmit = async (event) => {
    const form = event.target;
    if (await submit(event, "POST", "/notes")) form.reset();
};
follow();
