package io.sightmill.llava;

/**
 * The most the library reaches on this machine.
 *
 * @param readBytes read from memory a second
 * @param readKernel of {@link MemoryRead}, the one that reached it
 * @param textProducts operations a second of the decoder's products in the form the model uses
 * @param visionProducts the same of the vision tower's
 * @param plainProducts the same of the library's plain float32 product
 * @param textForm of the decoder's weights
 * @param visionForm of the vision tower's weights, and of what else keeps its precision
 */
record Roofline(
        double readBytes,
        String readKernel,
        double textProducts,
        double visionProducts,
        double plainProducts,
        LinearForm textForm,
        LinearForm visionForm) {

    /** What prefill is a share of: a form slower than the plain product is no excuse. */
    double text() {
        return Math.max(textProducts, plainProducts);
    }

    /** What encode is a share of. */
    double vision() {
        return Math.max(visionProducts, plainProducts);
    }
}
