package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the headers of a checkpoint's weight files tell an inspection. */
final class InspectedWeights {

    private final Checkpoint checkpoint;

    InspectedWeights(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    List<ModelReport.WeightFile> files() {
        return checkpoint.files().stream().map(InspectedWeights::file).toList();
    }

    private static ModelReport.WeightFile file(SafetensorsFile file) {
        Map<String, Long> parameters = new TreeMap<>();
        file.tensors()
                .values()
                .forEach(each -> parameters.merge(each.type().name(), each.elements(), Long::sum));
        return new ModelReport.WeightFile(
                file.path().getFileName().toString(),
                file.bytes(),
                file.tensors().size(),
                parameters);
    }

    /** What is declared, part by part; complaints about what the files lack or have otherwise. */
    List<ModelReport.Part> parts(List<TensorDeclaration> declared, Complaints complaints) {
        Map<CheckpointPart, List<TensorDeclaration>> byPart = new LinkedHashMap<>();
        distinct(declared)
                .forEach(
                        each ->
                                byPart.computeIfAbsent(each.part(), part -> new ArrayList<>())
                                        .add(each));
        List<ModelReport.Part> parts = new ArrayList<>();
        byPart.forEach(
                (part, tensors) ->
                        parts.add(
                                new ModelReport.Part(
                                        part.title(),
                                        tensors.stream()
                                                .mapToLong(TensorDeclaration::elements)
                                                .sum(),
                                        bytes(tensors, complaints))));
        return parts;
    }

    private long bytes(List<TensorDeclaration> tensors, Complaints complaints) {
        return checkpoint.find(tensors, complaints).stream()
                .mapToLong(entry -> entry.tensor().byteLength())
                .sum();
    }

    /** Tied embeddings are declared twice and are one tensor. */
    private static Collection<TensorDeclaration> distinct(List<TensorDeclaration> declared) {
        Map<String, TensorDeclaration> byName = new LinkedHashMap<>();
        declared.forEach(each -> byName.putIfAbsent(each.part() + each.name(), each));
        return byName.values();
    }

    /** Reads all that would be loaded and complains about each tensor that has NaN or infinity. */
    void checkFinite(
            List<TensorDeclaration> declared, Complaints complaints, LoadProgress progress) {
        List<TensorDeclaration> once = List.copyOf(distinct(declared));
        // What is missing has been complained about.
        Complaints silent = complaint -> {};
        long total =
                checkpoint.find(once, silent).stream()
                        .mapToLong(entry -> entry.tensor().byteLength())
                        .sum();
        LoadMeter meter = new LoadMeter(progress, total);
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
            TorchScriptModule kernels = TorchScriptModule.load("checkpoint", manager);
            TensorMapper mapper = new TensorMapper(kernels);
            for (TensorDeclaration each : once) {
                for (Checkpoint.Entry entry : checkpoint.find(List.of(each), silent)) {
                    try (PtNDArray tensor = mapper.map(entry.file(), entry.tensor(), manager)) {
                        FiniteCheck.complaint(entry, tensor, kernels).ifPresent(complaints::add);
                    }
                    meter.loading(each.part(), entry.tensor().byteLength());
                }
            }
        }
    }
}
