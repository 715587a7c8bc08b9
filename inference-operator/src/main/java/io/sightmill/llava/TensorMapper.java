package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Maps tensors of safetensors files without a copy. The mapping lives as long as a tensor made from
 * it; a file that is cut short meanwhile ends the process, as with any mapped file.
 */
final class TensorMapper {

    private final TorchScriptModule kernels;

    /**
     * @param kernels the module of {@code checkpoint.py}; stays the caller's
     */
    TensorMapper(TorchScriptModule kernels) {
        this.kernels = kernels;
    }

    /**
     * A tensor on the CPU in the file's own type. bfloat16 has no counterpart in the engine's Java
     * types, so the result is fit for other kernels only.
     *
     * @param owner closes the tensor
     */
    PtNDArray map(SafetensorsFile file, SafetensorsTensor tensor, NDManager owner) {
        int bytes = tensor.type().bytes();
        if (tensor.begin() % bytes == 0) {
            long begin = tensor.begin() / bytes;
            return map(file.path(), tensor, begin, owner);
        }
        return mapCopy(file, tensor, owner);
    }

    private PtNDArray map(Path path, SafetensorsTensor tensor, long begin, NDManager owner) {
        long end = begin + tensor.elements();
        try (PtNDArray mapped =
                kernels.call("map_file")
                        .with(path.toAbsolutePath().toString())
                        .with(end)
                        .with(tensor.type().scalarType())
                        .run(owner)) {
            return kernels.call("view")
                    .with(mapped)
                    .with(begin)
                    .with(end)
                    .with(tensor.shapeArray())
                    .run(owner);
        }
    }

    /**
     * Not at a multiple of its element's size: its bytes go to a file of their own, then as ever.
     */
    private PtNDArray mapCopy(SafetensorsFile file, SafetensorsTensor tensor, NDManager owner) {
        try {
            Path copy = Files.createTempFile("sightmill-tensor", ".bin");
            try (FileChannel from = FileChannel.open(file.path(), StandardOpenOption.READ);
                    FileChannel to = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                long length = tensor.end() - tensor.begin();
                for (long done = 0; done < length; ) {
                    long count = from.transferTo(tensor.begin() + done, length - done, to);
                    if (count <= 0) {
                        throw new IOException("the file ends inside the tensor");
                    }
                    done += count;
                }
                return map(copy, tensor, 0, owner);
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new ModelLoadException(
                    file.path() + ": tensor '" + tensor.name() + "' cannot be copied: " + e, e);
        }
    }
}
