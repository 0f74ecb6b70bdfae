package io.slsdispatch.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.slsdispatch.local.junit.SlsLocalExtension;
import io.slsdispatch.local.junit.WithSlsLocal;
import io.slsdispatch.testing.ClassCycles;
import org.junit.jupiter.api.Test;

/** What SLS Local is made of, and which way its packages depend on each other. */
@AnalyzeClasses(packages = "io.slsdispatch.local", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule itUsesNothingOfTheConnectorTheJobOrTheSdk = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.crypto..",
                    "io.slsdispatch.local..",
                    "io.netty..",
                    "com.fasterxml.jackson..",
                    "com.github.luben.zstd..",
                    "net.jpountz..",
                    "org.h2.mvstore..",
                    "org.slf4j..",
                    "org.jspecify..",
                    "org.junit..",
                    "picocli..")
            .because(
                    "a test server that shared code with what it tests would share its mistakes, and it is a small test"
                            + " dependency for projects that have no Flink");

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsItsLibrary = noClasses()
            .that()
            .haveNameNotMatching(".*\\.(SlsLocalMain|(Credential|Store|Behaviour)Options)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..")
            .because("who starts it from Java does not get this library");

    @ArchTest
    static final ArchRule onlyTheExtensionKnowsJUnit = noClasses()
            .that()
            .resideOutsideOfPackage("io.slsdispatch.local.junit")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.junit..", "io.slsdispatch.local.junit")
            .because("who starts it as a program, or with another test framework, does not get JUnit");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.slsdispatch.local.(**)")
            .should()
            .beFreeOfCycles()
            .because("a newcomer must be able to read one package after the other");

    @ArchTest
    static final ArchRule classesHaveNoCycles = ClassCycles.none()
            // An annotation of JUnit names its extension, which reads it.
            .ignoreDependency(WithSlsLocal.class, SlsLocalExtension.class);

    @Test
    void nothingThatItsUsersGetBringsFlink() {
        assertThat(ArchitectureTest.class.getClassLoader().getResource("org/apache/flink/"))
                .isNull();
    }
}
