"""How strongly the LoRA of a network acts; several users of one network choose for themselves."""

from __future__ import annotations

from typing import Any

_OWN = "strength_of_file"


class Adapter:
    """The LoRA layers of a network, none where it has no LoRA.

    The scale is a property of the layers, which target and baseline may share: whoever calls
    the network sets its own before every call.

    Parameters
    ----------
    network
        With peft's layers in it, or without.
    """

    def __init__(self, network: Any) -> None:
        self._layers = _layers_of(network)

    def __bool__(self) -> bool:
        return bool(self._layers)

    def use(self, scale: float) -> None:
        """Let the LoRA act `scale` times as strongly as its file says; 0 turns it off."""
        for layer, own in self._layers:
            for name, strength in own.items():
                layer.scaling[name] = scale * strength


def _layers_of(network: Any) -> tuple[tuple[Any, dict[str, float]], ...]:
    if getattr(network, "peft_config", None) is None:
        return ()
    from peft.tuners.tuners_utils import BaseTunerLayer

    # What the file says is kept beside the layer: its scaling may be another user's by now.
    layers: list[Any] = [each for each in network.modules() if isinstance(each, BaseTunerLayer)]
    for layer in layers:
        if not hasattr(layer, _OWN):
            setattr(layer, _OWN, dict(layer.scaling))
    return tuple((layer, dict(getattr(layer, _OWN))) for layer in layers)
