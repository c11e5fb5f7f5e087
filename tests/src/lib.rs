//! Support for the tests: a client and a started server.
