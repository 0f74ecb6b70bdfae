package io.slsdispatch.job;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.slsdispatch.testing.ClassCycles;
import io.slsdispatch.testing.UnguardedTasks;
import java.net.URLConnection;

@AnalyzeClasses(packages = "io.slsdispatch.job", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String JOB = "io.slsdispatch.job.";

    @ArchTest
    static final ArchRule packagesDoNotDependOnEachOtherInCircles =
            slices().matching("io.slsdispatch.job.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packagesWithTheirSubpackagesDoNotEither =
            slices().matching("io.slsdispatch.job.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule rulesConfigurationAndTerminalKnowNoFlink = noClasses()
            .that()
            .resideInAnyPackage(JOB + "rules", JOB + "yaml..", JOB + "config..", JOB + "redrive..", JOB + "cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink..")
            .because("--help and --check run where there is no Flink, and rules are tested without it");

    @ArchTest
    static final ArchRule rulesDoNotKnowWhoAppliesThem = noClasses()
            .that()
            .resideInAPackage(JOB + "rules..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    JOB + "dispatch..", JOB + "savepoint..", JOB + "redrive..", JOB + "topology..", JOB + "cli..")
            .because("what a rule means does not depend on who applies it");

    @ArchTest
    static final ArchRule rulesDoNotKnowHowTheyAreReloaded = noClasses()
            .that()
            .resideInAPackage(JOB + "rules")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(JOB + "rules.reload..")
            .because("a running job reads the rules as the command line does");

    @ArchTest
    static final ArchRule onlyItsReaderKnowsTheSavepointsOfFlink = noClasses()
            .that()
            .resideInAPackage(JOB + "savepoint..")
            .and()
            .doNotHaveFullyQualifiedName(JOB + "savepoint.FlinkSavepointReader")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink..")
            .because("the commands use it where there is no Flink");

    @ArchTest
    static final ArchRule theCommandsStandOnTop = noClasses()
            .that()
            .resideInAPackage(JOB + "*..")
            .and()
            .resideOutsideOfPackage(JOB + "cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(JOB + "cli..")
            .because("only the entry of the program calls them");

    @ArchTest
    static final ArchRule configurationDoesNotKnowWhatIsBuiltOfIt = noClasses()
            .that()
            .resideInAPackage(JOB + "config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JOB + "dispatch..", JOB + "redrive..", JOB + "topology..", JOB + "cli..")
            .because("everything reads the configuration, so it reads nothing back");

    @ArchTest
    static final ArchRule dispatchingKnowsRulesAndNoConfiguration = noClasses()
            .that()
            .resideInAPackage(JOB + "dispatch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JOB + "config..", JOB + "topology..", JOB + "cli..")
            .because("the dispatcher travels to the cluster with the rule table and nothing else");

    @ArchTest
    static final ArchRule yamlKnowsNothingOfThisProject = noClasses()
            .that()
            .resideInAPackage(JOB + "yaml..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.slsdispatch..")
                    .and(resideOutsideOfPackages(JOB + "yaml..", "io.slsdispatch.connector.text..")))
            .because("reading YAML by options is the same whatever the options are");

    @ArchTest
    static final ArchRule optionsDoNotKnowWhatIsBuiltOfThem = noClasses()
            .that()
            .resideInAPackage(JOB + "config.options..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(JOB + "config")
            .because("options are declared once, for the reader, the documentation and the schema");

    @ArchTest
    static final ArchRule rulesDoNotKnowTheConfigurationThatNamesThem = noClasses()
            .that()
            .resideInAPackage(JOB + "rules..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(JOB + "config..")
            .because("the JobManager reads rules without the configuration");

    @ArchTest
    static final ArchRule configurationDoesNoNetworkInputOrOutput = noClasses()
            .that()
            .resideInAnyPackage(JOB + "config..", JOB + "yaml..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "javax.net..", "io.netty..", "io.slsdispatch.connector.client..")
            .because("rules that are kept elsewhere are fetched by job.rules");

    @ArchTest
    static final ArchRule nobodyButTheParserKnowsTheYamlLibrary = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(JOB + "yaml.YamlParser")
            .and()
            .doNotHaveFullyQualifiedName(JOB + "yaml.YamlPitfalls")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.snakeyaml..")
            .because("a configuration is a tree, wherever it was written");

    @ArchTest
    static final ArchRule vendorSdkStaysBehindTheConnector = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.aliyun..")
            .because("the service has one door, SlsClient");

    @ArchTest
    static final ArchRule thereIsNoFurtherHttpClient = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.net.http..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(URLConnection.class)
            .because("requests to SLS have connector.client.exchange, and all others connector.client.http");

    @ArchTest
    static final ArchRule everyTaskIsGuarded = noClasses()
            .should()
            .callCodeUnitWhere(new UnguardedTasks())
            .because(
                    "an executor drops what a task throws, and ends a repeated one with it: GuardedTasks and FlinkTasks let"
                            + " somebody hear of it");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .because("a wait must be able to end at once");

    @ArchTest
    static final ArchRule classesHaveNoCycles = ClassCycles.none();
}
