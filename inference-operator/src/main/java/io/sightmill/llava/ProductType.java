package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out by trying in which form this machine best multiplies weights of a given precision. */
final class ProductType {

    private static final Logger LOG = LoggerFactory.getLogger(ProductType.class);

    /** Names of the instructions that sum 8-bit products in 32 bits, as the kernel lists them. */
    private static final Set<String> INTEGER_DOT_PRODUCTS = Set.of("avx512_vnni", "avx_vnni");

    private ProductType() {}

    /**
     * The form of a linear layer's weights. Logs one line that says which.
     *
     * @param kernels the module of {@code checkpoint.py}
     */
    static LinearForm detect(
            Precision wanted, TorchScriptModule kernels, String device, NDManager manager) {
        List<LinearForm> candidates = candidates(wanted, device);
        LinearForm last = candidates.get(candidates.size() - 1);
        LinearForm form =
                candidates.stream()
                        .filter(
                                each ->
                                        each == last
                                                || new FormTrial(each, kernels, device, manager)
                                                        .passes())
                        .findFirst()
                        .orElse(last);
        LOG.info("Weights in {}: products in the form {}", wanted, form);
        return form;
    }

    /** The fastest first; the last one multiplies everywhere. */
    private static List<LinearForm> candidates(Precision wanted, String device) {
        boolean processor = device.equals("cpu");
        return switch (wanted) {
            case FLOAT32 -> List.of(LinearForm.FLOAT32, LinearForm.KEPT_FLOAT32);
            case BFLOAT16 ->
                    processor
                            ? List.of(
                                    LinearForm.BFLOAT16,
                                    LinearForm.PACKED_BFLOAT16,
                                    LinearForm.WIDENED_BFLOAT16)
                            : List.of(LinearForm.BFLOAT16, LinearForm.WIDENED_BFLOAT16);
            case INT8 -> {
                if (!processor) {
                    yield List.of(LinearForm.WIDENED_INT8);
                }
                LinearForm fastest =
                        hasIntegerDotProducts() ? LinearForm.INT8 : LinearForm.PACKED_INT8;
                yield List.of(fastest, LinearForm.WIDENED_INT8);
            }
        };
    }

    private static boolean hasIntegerDotProducts() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"))
                    .lines()
                    .filter(line -> line.startsWith("flags"))
                    .flatMap(line -> Arrays.stream(line.split("\\s+")))
                    .anyMatch(INTEGER_DOT_PRODUCTS::contains);
        } catch (IOException e) {
            LOG.debug("The processor's instructions are not known", e);
            return false;
        }
    }
}
