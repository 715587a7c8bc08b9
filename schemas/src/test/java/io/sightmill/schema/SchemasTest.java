package io.sightmill.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every schema owes its readers: documentation, and compatibility with version 1. */
class SchemasTest {

    static List<Schema> schemas() {
        return Examples.all().stream().map(SpecificRecordBase::getSchema).toList();
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void documentsEveryRecordEnumAndField(Schema schema) {
        List<String> undocumented = new ArrayList<>();

        collectUndocumented(schema, undocumented, new HashSet<>());

        assertThat(undocumented).isEmpty();
    }

    @Test
    void noticesWhatIsNotDocumented() {
        List<String> undocumented = new ArrayList<>();

        collectUndocumented(
                SchemaFiles.read("older", "VisionRequest"), undocumented, new HashSet<>());

        assertThat(undocumented)
                .contains("VisionRequest.requestId", "Task", "Task.kind", "TaskKind");
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void readsVersionOneAndIsReadByIt(Schema current) {
        Schema first = SchemaFiles.read("v1", current.getName());

        assertThat(compatibility(current, first)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        assertThat(compatibility(first, current)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void keepsTheOrderOfEnumSymbolsOfVersionOne(Schema current) {
        Schema first = SchemaFiles.read("v1", current.getName());

        assertThat(enums(current))
                .allSatisfy(
                        now ->
                                assertThat(enums(first))
                                        .filteredOn(Schema::getFullName, now.getFullName())
                                        .allSatisfy(then -> assertKeeps(now, then)));
    }

    private static void assertKeeps(Schema now, Schema then) {
        assertThat(now.getEnumSymbols()).containsAll(then.getEnumSymbols());
        assertThat(now.getEnumDefault()).isEqualTo(then.getEnumDefault());
    }

    private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
    }

    private static List<Schema> enums(Schema schema) {
        List<Schema> found = new ArrayList<>();
        collectNamed(schema, found, new HashSet<>());
        return found.stream().filter(named -> named.getType() == Schema.Type.ENUM).toList();
    }

    private static void collectUndocumented(Schema schema, List<String> missing, Set<String> seen) {
        List<Schema> named = new ArrayList<>();
        collectNamed(schema, named, seen);
        for (Schema type : named) {
            if (isBlank(type.getDoc())) {
                missing.add(type.getName());
            }
            if (type.getType() == Schema.Type.RECORD) {
                type.getFields().stream()
                        .filter(field -> isBlank(field.doc()))
                        .forEach(field -> missing.add(type.getName() + "." + field.name()));
            }
        }
    }

    private static void collectNamed(Schema schema, List<Schema> found, Set<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    found.add(schema);
                    schema.getFields().forEach(field -> collectNamed(field.schema(), found, seen));
                }
            }
            case ENUM -> {
                if (seen.add(schema.getFullName())) {
                    found.add(schema);
                }
            }
            case ARRAY -> collectNamed(schema.getElementType(), found, seen);
            case MAP -> collectNamed(schema.getValueType(), found, seen);
            case UNION -> schema.getTypes().forEach(type -> collectNamed(type, found, seen));
            default -> {
                // Primitive types have no documentation of their own.
            }
        }
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
