package io.sightmill.llava;

/**
 * The sizes of a CLIP vision encoder to generate.
 *
 * @param imageSize side of its input in pixels, a multiple of patchSize
 * @param patchSize side of a patch in pixels
 * @param hidden width of a layer, an even multiple of heads
 * @param heads attention heads
 * @param layers at least 2, as features are taken before the last
 * @param intermediate width inside the feed-forward part
 */
public record VisionShape(
        int imageSize, int patchSize, int hidden, int heads, int layers, int intermediate) {

    public VisionShape {
        Bound.require("vision.patchSize", patchSize, 1, 512);
        Bound.require("vision.imageSize", imageSize, 1, 4_096);
        Bound.requireMultiple("vision.imageSize", imageSize, "vision.patchSize", patchSize);
        Bound.require("vision.heads", heads, 1, 256);
        Bound.require("vision.hidden", hidden, 1, 16_384);
        Bound.requireMultiple("vision.hidden", hidden, "twice vision.heads", 2 * heads);
        Bound.require("vision.layers", layers, 2, 256);
        Bound.require("vision.intermediate", intermediate, 1, 65_536);
    }

    /** ViT-L/14, OpenAI's, which every published LLaVA uses. */
    static VisionShape large(int imageSize) {
        return new VisionShape(imageSize, 14, 1_024, 16, 24, 4_096);
    }

    /** Patches of a tile: the tokens it takes in a prompt. */
    int patches() {
        int side = imageSize / patchSize;
        return side * side;
    }

    /** A name in the manner of OpenAI's. */
    String checkpointName() {
        boolean isLarge = equals(large(imageSize));
        return "clip-vit-%s-patch%d%s"
                .formatted(
                        isLarge ? "large" : "tiny",
                        patchSize,
                        isLarge && imageSize == 224 ? "" : "-" + imageSize);
    }
}
