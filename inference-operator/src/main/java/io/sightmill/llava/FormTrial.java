package io.sightmill.llava;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries a form of linear layers on this machine, with small products. */
final class FormTrial {

    private static final Logger LOG = LoggerFactory.getLogger(FormTrial.class);
    private static final int SIZE = 64;
    private static final int MOST_ROWS = 65;
    private static final float LOUDEST = 127;

    /** Rows to compare with the plain product: alone, beside a few others, beside many. */
    private static final int[] COMPARED_ROWS = {1, 5, 33};

    /**
     * Largest error of an output as a share of what outputs are on average. Rounding to 8 bits
     * stays below a tenth of that; outputs in a wrong place, or made of the wrong weights, are
     * beyond 1.
     */
    private static final double MOST_ERROR = 0.25;

    /** Holds the sums of integers exactly. */
    private static final int FLOAT32 = 6;

    private final LinearForm form;
    private final TorchScriptModule kernels;
    private final String device;
    private final NDManager manager;

    /**
     * @param kernels the module of {@code checkpoint.py}
     */
    FormTrial(LinearForm form, TorchScriptModule kernels, String device, NDManager manager) {
        this.form = form;
        this.kernels = kernels;
        this.device = device;
        this.manager = manager;
    }

    /** Whether products come out right and a row's bits do not depend on how many there are. */
    boolean passes() {
        try (NDManager scope = manager.newSubManager()) {
            return isExact(scope) && rowsAreIndependent(scope);
        } catch (EngineException e) {
            LOG.debug("No products in {}", form, e);
            return false;
        }
    }

    /**
     * Whether products of so many inputs and outputs equal the library's plain product, but for
     * rounding. oneDNN's float32 products of reordered weights are wrong, on a processor with
     * AVX-512, for more than 32 outputs whose number leaves 1 to 48 when divided by 64.
     */
    boolean suits(int inputs, int outputs) {
        // What is left over by the width of registers counts, not how many of them there are.
        int columns = inputs <= SIZE ? inputs : SIZE + inputs % SIZE;
        try (NDManager scope = manager.newSubManager()) {
            NDArray weights = uneven(scope, outputs, columns);
            for (int rows : COMPARED_ROWS) {
                NDArray x = uneven(scope, rows, columns);
                float[] plain = x.matMul(weights.transpose()).toFloatArray();
                if (error(product(x, weights, scope), plain) > MOST_ERROR) {
                    return false;
                }
            }
            return true;
        } catch (EngineException e) {
            LOG.debug("No products of {} outputs in {}", outputs, form, e);
            return false;
        }
    }

    private static double error(float[] found, float[] plain) {
        double squares = 0;
        double most = 0;
        for (int i = 0; i < plain.length; i++) {
            squares += (double) plain[i] * plain[i];
            double error = Math.abs(found[i] - plain[i]);
            // A NaN is an error too.
            most = error <= most ? most : error;
        }
        double share = most / Math.sqrt(squares / plain.length);
        return Double.isNaN(share) ? Double.POSITIVE_INFINITY : share;
    }

    /** With the loudest integers a product is wrong where sums saturate. */
    private boolean isExact(NDManager scope) {
        float value = form.scalarType() == 1 ? LOUDEST : 1;
        NDArray square = scope.full(new Shape(SIZE, SIZE), value, DataType.FLOAT32);
        return product(square, square, scope)[0] == value * value * SIZE;
    }

    private boolean rowsAreIndependent(NDManager scope) {
        NDArray weights = uneven(scope, SIZE, 8 * SIZE);
        NDArray x = uneven(scope, MOST_ROWS, 8 * SIZE);
        float[] all = product(x, weights, scope);
        for (int rows = 1; rows < MOST_ROWS; rows++) {
            float[] first = product(x.get("0:" + rows), weights, scope);
            if (!Arrays.equals(first, Arrays.copyOf(all, first.length))) {
                LOG.debug("In {} a row beside {} others has other bits", form, rows - 1);
                return false;
            }
        }
        return true;
    }

    private float[] product(NDArray x, NDArray weights, NDManager scope) {
        IValue packed = kernels.call("no_packed").runValue(scope);
        List<PtNDArray> layer =
                new LinearPacking(kernels, device, packed)
                        .pack(form, List.of(weights), List.of(), scope);
        return kernels.call("product")
                .with(x)
                .with(layer.get(0))
                .with(layer.get(1))
                .with(form.scalarType() == 1 ? FLOAT32 : form.scalarType())
                .withShared(packed)
                .run(scope)
                .toFloatArray();
    }

    /** Values whose sums depend on their order. */
    private static NDArray uneven(NDManager scope, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i * 0.7);
        }
        return scope.create(values, new Shape(rows, columns));
    }
}
