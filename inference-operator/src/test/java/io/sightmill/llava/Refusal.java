package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.sightmill.engine.Device;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;

/** How a checkpoint that cannot be used has to be refused. */
final class Refusal {

    private Refusal() {}

    /** One line that says what is wrong, and no native tensor left behind. */
    static void assertRefused(Path directory, LoadOptions options, String... complaints) {
        int before = nativeTensors();

        assertThatThrownBy(() -> open(directory, options))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContainingAll(complaints)
                .satisfies(refusal -> assertThat(refusal.getMessage().lines()).hasSize(1));

        assertThat(nativeTensors()).isEqualTo(before);
    }

    static void assertRefused(Path directory, String... complaints) {
        assertRefused(directory, LoadOptions.defaults(), complaints);
    }

    static void assertLoads(Path directory, LoadOptions options) {
        open(directory, options).close();
    }

    private static Model open(Path directory, LoadOptions options) {
        return new LlavaModelProvider(
                        directory.toString(),
                        Precision.FLOAT32,
                        null,
                        ImageReading.defaults(),
                        options)
                .open(Device.cpu());
    }

    /** Of the whole process: every manager is below the engine's own. */
    static int nativeTensors() {
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
            return manager.getParentManager().getManagedArrays().size();
        }
    }
}
