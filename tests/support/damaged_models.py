"""Damage to the files that a model is loaded from, by chance: headers, lengths, fields, pickles."""

from __future__ import annotations

import copy
import json
import pickle
import random
from pathlib import Path
from typing import Any

_ODD: tuple[Any, ...] = (None, "", "x", -1, 0, 3.5, True, [], {}, [1], "../evil", float("nan"))


class Evil:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, ("open('evil', 'w').write('evil')",)


def damaged_weights(data: bytes, chance: random.Random) -> bytes:
    """Damage a safetensors file: cut, grown, flipped, or another header."""
    length = int.from_bytes(data[:8], "little")
    match chance.randrange(6):
        case 0:
            return data[: chance.randrange(len(data))]
        case 1:
            return data + bytes(chance.randrange(1, 99))
        case 2:
            return chance.randbytes(8) + data[8:]
        case 3:
            place = chance.randrange(8, 8 + length)
            return data[:place] + chance.randbytes(1) + data[place + 1 :]
    header = json.loads(data[8 : 8 + length])
    name = chance.choice([key for key in header if key != "__metadata__"])
    match chance.randrange(4):
        case 0:
            header[name + "x"] = header.pop(name)
        case 1:
            header[name]["shape"] = [chance.choice((-1, 0, 1, 10**12))]
        case 2:
            header[name]["data_offsets"] = [0, chance.choice((-1, 1, 10**15))]
        case _:
            header[name] = chance.choice(_ODD)
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data[8 + length :]


def damaged_pickle(data: bytes, chance: random.Random) -> bytes:
    """Damage a checkpoint, or put code in its place."""
    match chance.randrange(4):
        case 0:
            return pickle.dumps({"state_dict": Evil()}, protocol=chance.choice((0, 2, 4)))
        case 1:
            return data[: chance.randrange(len(data))]
        case 2:
            return pickle.dumps(chance.choice(_ODD), protocol=2)
        case _:
            place = chance.randrange(len(data))
            return data[:place] + chance.randbytes(3) + data[place + 3 :]


def damaged_fields(values: dict[str, Any], chance: random.Random) -> bytes:
    """Damage a configuration: fields gone, odd, or the text itself."""
    if chance.random() < 0.2:
        text = json.dumps(values).encode()
        return text[: chance.randrange(len(text))]
    changed = copy.deepcopy(values)
    for _ in range(chance.randint(1, 2)):
        key = chance.choice(list(changed))
        if chance.random() < 0.3 and len(changed) > 1:
            del changed[key]
        else:
            changed[key] = copy.deepcopy(chance.choice(_ODD))
    return json.dumps(changed).encode()


def write(path: Path, data: bytes) -> None:
    """Take a damaged file's place, whatever the copy's permissions."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)
