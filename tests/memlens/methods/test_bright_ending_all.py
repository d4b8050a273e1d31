"""Bright Ending over all end-of-text positions, against attention computed from hooks alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import memlens

PROMPT = "a red apple"


def _attention(model: Any, run: memlens.Trajectory) -> np.ndarray:
    """Softmax of q·k of every layer, mean over heads and layers, (places, tokens)."""
    heard: list[tuple[Any, torch.Tensor, torch.Tensor]] = []

    def hear(layer: Any, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        heard.append((layer, given[0], named["encoder_hidden_states"]))

    block = model.denoiser.network.down_blocks[0]
    layers = [part.attn2 for each in block.attentions for part in each.transformer_blocks]
    hooks = [layer.register_forward_pre_hook(hear, with_kwargs=True) for layer in layers]
    step = len(run.schedule) - 1
    with torch.no_grad():
        model.denoiser.eps(
            torch.from_numpy(run.x_t[step].copy())[None],
            run.schedule[step],
            model.encode_prompt(PROMPT),
        )
    for hook in hooks:
        hook.remove()
    found = []
    for layer, hidden, text in heard:
        query, key = layer.to_q(hidden)[0], layer.to_k(text)[0]
        width = query.shape[1] // layer.heads
        heads = [
            torch.softmax(query[:, at : at + width] @ key[:, at : at + width].T / width**0.5, dim=1)
            for at in range(0, query.shape[1], width)
        ]
        found.append(torch.stack(heads).mean(dim=0).detach().numpy())
    return np.mean(found, axis=0)


def test_it_adds_up_all_positions_from_the_first_end_on(model: Any) -> None:
    run = memlens.sample(model, PROMPT, seed=3, steps=2)
    made = memlens.localize_maps(run, ("attention", "attention_all"))
    weights = _attention(model, run)
    end = model.encode_prompt(PROMPT).end_of_text
    shape = run.latent_shape[1:]
    expected = weights[:, end:].sum(axis=1).reshape(shape)
    np.testing.assert_allclose(made["attention_all"].values, expected, atol=1e-5)
    np.testing.assert_allclose(made["attention"].values, weights[:, end].reshape(shape), atol=1e-5)
    assert (made["attention_all"].values >= made["attention"].values).all()
    assert made["attention_all"].network_calls == 1
    assert made["attention_all"].provenance.method == "bright-ending-all"


def test_a_model_without_such_layers_offers_neither(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from memlens.methods.registry import MAP_KINDS

    monkeypatch.setattr(
        type(model), "unavailable", lambda _, key: "no" if key == "bright-ending" else ""
    )
    assert MAP_KINDS["attention"].unavailable(model) == "no"
    assert MAP_KINDS["attention_all"].unavailable(model) == "no"
    assert MAP_KINDS["cov"].unavailable(model) == ""
