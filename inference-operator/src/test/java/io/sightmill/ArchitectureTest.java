package io.sightmill;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the direction of dependencies: engine, then llava and flink side by side, then job. */
@AnalyzeClasses(packages = "io.sightmill", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule THE_ENGINE_NEEDS_THE_JDK_ALONE =
            classes()
                    .that()
                    .resideInAPackage("io.sightmill.engine..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("io.sightmill.engine..", "java..");

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NEITHER_FLINK_NOR_RECORDS =
            noClasses()
                    .that()
                    .resideInAPackage("io.sightmill.llava..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.sightmill.flink..",
                            "io.sightmill.schema..",
                            "io.sightmill.sinks..",
                            "org.apache.flink..",
                            "org.apache.kafka..")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule THE_OPERATOR_KNOWS_NO_MODEL =
            noClasses()
                    .that()
                    .resideInAPackage("io.sightmill.flink..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.sightmill.llava..", "ai.djl..")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NOTHING_DEPENDS_ON_THE_JOB =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.sightmill.job..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.sightmill.job..")
                    .allowEmptyShould(true);
}
