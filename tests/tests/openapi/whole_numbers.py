"""To JSON Schema, 2.0 is an integer. To serde it is none, as to most programs in languages that tell the two apart."""

import schemathesis


def whole(value):
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, dict):
        return {name: whole(member) for name, member in value.items()}
    return value


@schemathesis.hook
def map_body(context, body):
    return whole(body)
