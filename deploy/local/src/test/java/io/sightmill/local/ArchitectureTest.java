package io.sightmill.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which module may know which; the packages inside inference-operator have a test of their own. */
@AnalyzeClasses(packages = "io.sightmill", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule schemasKnowAvroOnly =
            classes()
                    .that()
                    .resideInAPackage("io.sightmill.schema..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("io.sightmill.schema..", "org.apache.avro..", "java..");

    @ArchTest
    static final ArchRule ingestKnowsNoFlink =
            noClasses()
                    .that()
                    .resideInAPackage("io.sightmill.ingest..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.flink..",
                            "io.sightmill.sinks..",
                            "io.sightmill.engine..",
                            "io.sightmill.llava..",
                            "io.sightmill.flink..",
                            "io.sightmill.job..",
                            "io.sightmill.broker..");

    @ArchTest
    static final ArchRule sinksKnowSchemasOnly =
            noClasses()
                    .that()
                    .resideInAPackage("io.sightmill.sinks..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka.streams..",
                            "io.sightmill.ingest..",
                            "io.sightmill.engine..",
                            "io.sightmill.llava..",
                            "io.sightmill.flink..",
                            "io.sightmill.job..",
                            "io.sightmill.broker..");

    @ArchTest
    static final ArchRule theOperatorKnowsNoKafkaStreamsAndNoBroker =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.sightmill.engine..",
                            "io.sightmill.llava..",
                            "io.sightmill.flink..",
                            "io.sightmill.job..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka.streams..",
                            "io.sightmill.ingest..",
                            "io.sightmill.broker..");

    @ArchTest
    static final ArchRule theBrokerKnowsNothingOfSightmill =
            noClasses()
                    .that()
                    .resideInAPackage("io.sightmill.broker..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.sightmill.schema..",
                            "io.sightmill.ingest..",
                            "io.sightmill.sinks..",
                            "io.sightmill.engine..",
                            "io.sightmill.llava..",
                            "io.sightmill.flink..",
                            "io.sightmill.job..");

    @ArchTest
    static final ArchRule tuningKnowsTheModelAndNoStream =
            noClasses()
                    .that()
                    .resideInAPackage("io.sightmill.tuning..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.flink..",
                            "org.apache.kafka..",
                            "io.sightmill.ingest..",
                            "io.sightmill.sinks..",
                            "io.sightmill.flink..",
                            "io.sightmill.job..",
                            "io.sightmill.broker..");

    @ArchTest
    static final ArchRule teachersKnowCaptionsAndNoScene =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.sightmill.tuning.instruct..", "io.sightmill.tuning.captions..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.sightmill.tuning.scenes..", "io.sightmill.llava..");

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsTuning =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.sightmill.tuning..", "io.sightmill.local..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.sightmill.tuning..");

    @ArchTest
    static final ArchRule nothingKnowsTheCommandLine =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.sightmill.local..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.sightmill.local..");
}
