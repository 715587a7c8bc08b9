package io.sightmill.llava;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A class of TorchScript source from {@code kernels/*.py}, compiled when it is loaded.
 *
 * <p>The engine loads TorchScript from a serialised archive only, so the sources are packed into
 * one in memory: the format of {@code torch.jit.save}, with a pickle that says "an instance of this
 * class, without attributes" and nothing else.
 */
final class TorchScriptModule implements AutoCloseable {

    private static final List<String> SOURCES =
            List.of(
                    "linear",
                    "attention",
                    "pages",
                    "checkpoint",
                    "vision",
                    "projector",
                    "tiles",
                    "language",
                    "training",
                    "roofline");

    // The optimizer costs seconds on the first call of a shape and gains nothing afterwards; the
    // switch is one a thread.
    private static final ThreadLocal<Boolean> OPTIMIZER_OFF =
            ThreadLocal.withInitial(
                    () -> {
                        JniUtils.setGraphExecutorOptimize(false);
                        return true;
                    });

    // Referenced for as long as the block is used: the model's finalizer closes the block.
    private final Model model;
    private final PtSymbolBlock block;

    private TorchScriptModule(Model model) {
        this.model = model;
        this.block = (PtSymbolBlock) model.getBlock();
    }

    /**
     * Compiles a class.
     *
     * @param source the file's name without ending; the class has the same name, capitalised
     * @param owner closes the module; the class is compiled for its device
     */
    static TorchScriptModule load(String source, NDManager owner) {
        return load(source, Map.of(), owner);
    }

    /**
     * The same for a class with attributes.
     *
     * @param attributes by name, each an Integer or a Double
     */
    static TorchScriptModule load(String source, Map<String, Number> attributes, NDManager owner) {
        Model model = Model.newInstance(source, owner.getDevice(), "PyTorch");
        try (InputStream archive = new ByteArrayInputStream(archive(source, attributes))) {
            model.load(archive);
            TorchScriptModule module = new TorchScriptModule(model);
            owner.attachInternal(source + " kernels", module);
            return module;
        } catch (IOException | MalformedModelException | RuntimeException e) {
            model.close();
            throw new IllegalStateException("kernels/" + source + ".py does not compile", e);
        }
    }

    KernelCall call(String method) {
        return new KernelCall(this, method);
    }

    IValue run(String method, IValue[] arguments) {
        OPTIMIZER_OFF.get();
        return IValueUtils.runMethod(block, method, arguments);
    }

    /**
     * Runs a method that notes what gradients need. {@link #run} does not, whatever its arguments
     * want, and what it gives can never learn.
     *
     * @param arguments in order; neighbours whose names end in {@code []} and are equal are a list
     * @return owned by the first argument's manager
     */
    NDList runWithGradients(String method, NDList arguments) {
        OPTIMIZER_OFF.get();
        JniUtils.setGradMode(true);
        try (NDArray name = arguments.head().getManager().create(0)) {
            name.setName("module_method:" + method);
            NDList all = new NDList(arguments);
            all.add(name);
            return IValueUtils.forward(block, all, true);
        }
    }

    @Override
    public void close() {
        model.close();
    }

    private static byte[] archive(String source, Map<String, Number> attributes)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, "data.pkl", instanceOf(source, attributes));
            for (String each : SOURCES) {
                add(zip, "code/__torch__/" + each + ".py", resource(each));
            }
            add(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            add(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /**
     * Pickle protocol 2: class, empty tuple, new, dictionary of the attributes, set state, stop.
     */
    private static byte[] instanceOf(String source, Map<String, Number> attributes)
            throws IOException {
        String name = Character.toUpperCase(source.charAt(0)) + source.substring(1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream pickle = new DataOutputStream(bytes);
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes("c__torch__." + source + "\n" + name + "\n");
        pickle.write(new byte[] {')', (byte) 0x81, '}', '('});
        for (Map.Entry<String, Number> attribute : attributes.entrySet()) {
            pickle.writeByte('X');
            pickle.writeInt(Integer.reverseBytes(attribute.getKey().length()));
            pickle.writeBytes(attribute.getKey());
            if (attribute.getValue() instanceof Integer whole) {
                pickle.writeByte('J');
                pickle.writeInt(Integer.reverseBytes(whole));
            } else {
                pickle.writeByte('G');
                pickle.writeDouble(attribute.getValue().doubleValue());
            }
        }
        pickle.write(new byte[] {'u', 'b', '.'});
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry("kernels/" + name));
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] resource(String source) {
        String name = "kernels/" + source + ".py";
        try (InputStream in = TorchScriptModule.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
