package io.slsdispatch.connector;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.slsdispatch.testing.ClassCycles;
import io.slsdispatch.testing.UnguardedTasks;
import java.net.URLConnection;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;

/** Which way the packages of the connector depend on each other, and why. */
@AnalyzeClasses(packages = "io.slsdispatch.connector", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String CONNECTOR = "io.slsdispatch.connector.";

    /** Flink's annotations of stability: no class is loaded for them. */
    private static final String ANNOTATIONS = "org.apache.flink.annotation..";

    /** They run what others have guarded: a turn of an exchange, and what is given to the client's background threads. */
    private static final String HANDS_ON_GUARDED_TASKS = ".*[.$](FairSemaphore|BackgroundThreads)";

    @ArchTest
    static final ArchRule enumeratorAndReaderShareOnlySplits = noClasses()
            .that()
            .resideInAPackage("..source.enumerator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..source.reader..")
            .because("they run in different processes: whatever one needs of the other must be a split or an event");

    @ArchTest
    static final ArchRule readerAndEnumeratorShareOnlySplits = noClasses()
            .that()
            .resideInAPackage("..source.reader..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..source.enumerator..")
            .because("they run in different processes: whatever one needs of the other must be a split or an event");

    @ArchTest
    static final ArchRule splitsKnowNeitherSideNorTheService = noClasses()
            .that()
            .resideInAPackage("..source.split..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..source.enumerator..", "..source.reader..", "..client..", "..config..")
            .because("what is kept in state must not change its form with the code that uses it");

    @ArchTest
    static final ArchRule sourceAndSinkDoNotKnowEachOther = noClasses()
            .that()
            .resideInAPackage("..source..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..sink..")
            .because("each is usable without the other");

    @ArchTest
    static final ArchRule sinkDoesNotKnowTheSource = noClasses()
            .that()
            .resideInAPackage("..sink..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..source..")
            .because("each is usable without the other");

    @ArchTest
    static final ArchRule modelDependsOnNothingButTheWireFormat = classes()
            .that()
            .resideInAPackage("..connector.model..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    ANNOTATIONS,
                    CONNECTOR + "model..",
                    CONNECTOR + "text..",
                    CONNECTOR + "wire..")
            .because("everything else speaks in its terms");

    @ArchTest
    static final ArchRule theDoorForTextsDependsOnNothing = classes()
            .that()
            .resideInAPackage("..connector.text..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", ANNOTATIONS, CONNECTOR + "text..")
            .because("all packages may send texts of others through it");

    @ArchTest
    static final ArchRule theWireFormatDependsOnNothing = classes()
            .that()
            .resideInAPackage("..connector.wire..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    ANNOTATIONS,
                    "org.slf4j..",
                    "net.jpountz..",
                    "com.github.luben..",
                    CONNECTOR + "wire..")
            .because("groups pass unchanged: whatever reads their bytes must not know what they are read for");

    @ArchTest
    static final ArchRule theServiceIsReachedWithoutFlink = noClasses()
            .that()
            .resideInAnyPackage("..client..", "..connector.model..", "..connector.wire..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.apache.flink..").and(resideOutsideOfPackage(ANNOTATIONS)))
            .because("a client must be usable by tools that are no Flink job; annotations are not needed to run");

    @ArchTest
    static final ArchRule putsAreSentWithoutFlink = noClasses()
            .that()
            .resideInAPackage(CONNECTOR + "put..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.apache.flink..").and(resideOutsideOfPackage(ANNOTATIONS)))
            .because("redrive sends by the same engine, without a job");

    @ArchTest
    static final ArchRule theEngineDoesNotKnowItsDrivers = noClasses()
            .that()
            .resideInAPackage(CONNECTOR + "put..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONNECTOR + "sink..", CONNECTOR + "source..", CONNECTOR + "deadletter..")
            .because("what differs between its drivers is a policy");

    @ArchTest
    static final ArchRule onlyOnePackageKnowsTheVendorSdk = noClasses()
            .that()
            .resideOutsideOfPackage("..client.control..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.aliyun..")
            .because("another client can replace it without a change elsewhere");

    @ArchTest
    static final ArchRule onlyOnePackageKnowsTheHttpLibrary = noClasses()
            .that()
            .resideOutsideOfPackage("..client.exchange..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because("its buffers are counted by hand, and who counts them must be in one place");

    @ArchTest
    static final ArchRule theServiceIsSeenWithoutItsClient = noClasses()
            .that()
            .resideInAPackage("..connector.client")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..connector.client.*..")
            .because("another client, such as one of a test, can stand behind the same interface");

    @ArchTest
    static final ArchRule dataAndControlDoNotKnowEachOther = noClasses()
            .that()
            .resideInAnyPackage("..client.data..", "..client.exchange..", "..client.credentials..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..client.control..", "..client.connection..")
            .because("nothing that an SDK needs must lie on the way of the data");

    @ArchTest
    static final ArchRule nobodyKeepsAnythingForAThread = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocal.class)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.netty.util.concurrent.FastThreadLocal")
            .because("threads of Flink and of the client outlive a job, and would keep its class loader");

    @ArchTest
    static final ArchRule metricsKnowNothingOfWhatTheyShow = noClasses()
            .that()
            .resideInAPackage("..connector.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..source..", "..sink..", "..client..", "..config..")
            .because("a metric must not become a way for parts to reach each other");

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
            .that()
            .resideOutsideOfPackage(CONNECTOR + "task..")
            .and()
            .haveNameNotMatching(HANDS_ON_GUARDED_TASKS)
            .should()
            .callCodeUnitWhere(new UnguardedTasks())
            .because(
                    "an executor drops what a task throws, and ends a repeated one with it: GuardedTasks and FlinkTasks let"
                            + " somebody hear of it");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .because("a wait must end when it is told to");

    @ArchTest
    static final ArchRule publicClassesSayHowStableTheyAre = classes()
            .that()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .should()
            .beAnnotatedWith(PublicEvolving.class)
            .orShould()
            .beAnnotatedWith(Internal.class)
            .because("whoever uses the connector as a library must see what may change");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching(CONNECTOR + "(**)")
            .should()
            .beFreeOfCycles()
            .because("a newcomer must be able to read one package after the other");

    @ArchTest
    static final ArchRule classesHaveNoCycles = ClassCycles.none();
}
