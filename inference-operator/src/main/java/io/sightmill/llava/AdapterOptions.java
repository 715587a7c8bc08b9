package io.sightmill.llava;

/**
 * Low-rank adapters (arXiv 2106.09685) on every linear layer of the decoder: the layer's weight W
 * stays, and W + alpha / rank * up * down is what multiplies.
 *
 * @param rank inner width of an adapter
 * @param alpha what the product is scaled by, times the rank
 * @param dropout share of an adapter's inputs that is left out while training
 */
public record AdapterOptions(int rank, double alpha, double dropout) {

    public AdapterOptions {
        Bound.require("lora rank", rank, 1, 4_096);
        Bound.requirePositive("lora alpha", alpha);
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "lora dropout is " + dropout + " and must be from 0 to below 1");
        }
    }

    /** What the adapters' product is multiplied by. */
    double scale() {
        return alpha / rank;
    }
}
