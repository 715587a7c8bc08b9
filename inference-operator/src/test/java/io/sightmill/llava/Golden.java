package io.sightmill.llava;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The reference implementation's files among the test resources. */
final class Golden {

    private Golden() {}

    /** A small LLaVA-1.5 with random weights, in the layout of a published checkpoint. */
    static Path checkpoint() {
        return file("tiny-llava");
    }

    static Path file(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
