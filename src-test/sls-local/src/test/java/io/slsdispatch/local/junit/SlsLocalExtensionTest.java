package io.slsdispatch.local.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.slsdispatch.local.Groups;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.junit.Runs.Outcome;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.service.RequestLog;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which server a test gets from the extension, and that each is closed. {@link Runs} asserts the latter of every run. */
class SlsLocalExtensionTest {

    private static final Fault HANG = Fault.always(new Effect.Hang(Effect.Moment.BEFORE));

    @WithSlsLocal(logstores = {"p-p/one:1", "p-p/two:3"})
    static class EachItsOwn {

        private final SlsLocal mine;

        EachItsOwn(SlsLocal server) {
            mine = server;
            Runs.saw("constructor", server);
        }

        @BeforeEach
        void before(SlsLocal server, Faults faults, RequestLog requests, @LedgerOf("p-p/two") LogstoreLedger ledger)
                throws Exception {
            assertThat(server).isSameAs(mine);
            assertThat(server.faults()).isSameAs(faults);
            assertThat(server.requests()).isSameAs(requests);
            assertThat(server.shards("p-p", "two")).hasSize(3);
            assertThat(ledger.toList()).isEmpty();
            server.put("p-p", "two", 2, Groups.group("t", "text"));
            assertThat(ledger.toList()).hasSize(1);
            Runs.saw("before", server);
        }

        @Test
        void one(SlsLocal server) {
            Runs.saw("test", server);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "b"})
        void each(String value, SlsLocal server) {
            Runs.saw("test", server);
        }

        @RepeatedTest(2)
        void again(SlsLocal server) {
            Runs.saw("test", server);
        }

        @AfterEach
        void after(SlsLocal server) {
            Runs.saw("after", server);
        }
    }

    @Test
    void eachTestHasAServerOfItsOwnThatItsPartsShare() {
        for (Outcome outcome : List.of(Runs.run(EachItsOwn.class), Runs.runInParallel(EachItsOwn.class))) {
            assertThat(outcome.failures()).isEmpty();
            assertThat(outcome.of("test")).hasSize(5).doesNotHaveDuplicates();
            for (String part : List.of("constructor", "before", "after")) {
                assertThat(outcome.of(part)).as(part).containsExactlyInAnyOrderElementsOf(outcome.of("test"));
            }
        }
    }

    @WithSlsLocal(server = WithSlsLocal.Server.PER_CLASS, logstores = "p-p/one:1")
    static class OneForAll {

        OneForAll(SlsLocal server) {
            Runs.saw("constructor", server);
        }

        @BeforeAll
        static void first(SlsLocal server, Faults faults) {
            faults.add(HANG);
            Runs.saw("outer", server);
        }

        @Test
        void leavesAFault(SlsLocal server, Faults faults) {
            faults.add(HANG);
            Runs.saw("outer", server);
        }

        @Test
        void leavesAnotherFault(SlsLocal server, Faults faults) {
            faults.add(HANG);
            Runs.saw("outer", server);
        }

        @Nested
        class Inside {

            @Test
            void isInside(SlsLocal server) {
                Runs.saw("inside", server);
            }
        }

        @Nested
        @WithSlsLocal
        class WithItsOwn {

            @Test
            void isInside(SlsLocal server) {
                assertThat(server.projects()).isEmpty();
                Runs.saw("own", server);
            }
        }

        @org.junit.jupiter.api.AfterAll
        static void last(SlsLocal server) {
            assertThat(server.faults().list()).as("that of @BeforeAll").hasSize(1);
            Runs.saw("outer", server);
        }
    }

    @Test
    void aClassSharesOneServerWithItsNestedOnesAndLeavesNoFaultsOfTests() {
        for (Outcome outcome : List.of(Runs.run(OneForAll.class), Runs.runInParallel(OneForAll.class))) {
            assertThat(outcome.failures()).isEmpty();
            assertThat(outcome.of("outer").stream().distinct()).hasSize(1);
            assertThat(outcome.of("inside")).containsExactly(outcome.of("outer").get(0));
            assertThat(outcome.of("own")).hasSize(1);
            assertThat(outcome.of("constructor")).contains(outcome.of("own").get(0));
            assertThat(outcome.all()).hasSize(2);
        }
    }

    static class FaultByFault extends OneForAllInOrder {}

    @WithSlsLocal(server = WithSlsLocal.Server.PER_CLASS)
    abstract static class OneForAllInOrder {

        @RepeatedTest(3)
        void seesNoFaultOfAnother(SlsLocal server, Faults faults) {
            assertThat(faults.isOff()).isTrue();
            faults.add(HANG);
            Runs.saw("test", server);
        }
    }

    @Test
    void aFaultDoesNotOutliveItsTest() {
        Outcome outcome = Runs.run(FaultByFault.class);

        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.all()).hasSize(1);
    }

    static class Inherits extends EachItsOwn {

        Inherits(SlsLocal server) {
            super(server);
        }

        @Test
        @WithSlsLocal(
                logstores = {"p-p/two:3", "p-p/special:1"},
                options = OtherPort.class,
                verifySignatures = false)
        void hasItsOwn(SlsLocal server, @LedgerOf("p-p/special") LogstoreLedger ledger) {
            assertThat(ledger.name()).isEqualTo("p-p/special");
            Runs.saw("test", server);
        }
    }

    static final class OtherPort implements Consumer<SlsLocalOptions.Builder> {

        @Override
        public void accept(SlsLocalOptions.Builder options) {
            options.logstore("p-p", "of-options", 1);
        }
    }

    @Test
    void subclassesInheritAndAMethodMayHaveItsOwn() {
        Outcome outcome = Runs.run(Inherits.class);

        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.of("test")).hasSize(6).doesNotHaveDuplicates();
    }

    @Retention(RetentionPolicy.RUNTIME)
    @WithSlsLocal(logstores = "p-p/composed:1", options = OtherPort.class)
    @interface OurWay {}

    @OurWay
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class Composed {

        @Test
        void hasWhatTheAnnotationSays(SlsLocal server, LogstoreLedger ledger) {
            assertThat(ledger.name()).isEqualTo("p-p/composed");
            assertThat(server.shards("p-p", "of-options")).hasSize(1);
            Runs.saw("test", server);
        }

        @Test
        void hasItAgain(SlsLocal server) {
            Runs.saw("test", server);
        }
    }

    @Test
    void theAnnotationMayBePartOfAnother() {
        Outcome outcome = Runs.run(Composed.class);

        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.all()).hasSize(2);
    }

    /** Each test waits for the other: they must run at the same time. */
    @WithSlsLocal(server = WithSlsLocal.Server.PER_CLASS, logstores = "p-p/one:1")
    static class AtTheSameTime {

        private static final CyclicBarrier BOTH = new CyclicBarrier(2);

        @Test
        void one(SlsLocal server) throws Exception {
            meet(server);
        }

        @Test
        void two(SlsLocal server) throws Exception {
            meet(server);
        }

        private static void meet(SlsLocal server) throws Exception {
            server.faults().add(HANG);
            BOTH.await(1, TimeUnit.MINUTES);
            assertThat(server.faults().list()).hasSize(2);
            BOTH.await(1, TimeUnit.MINUTES);
            Runs.saw("test", server);
        }
    }

    @Test
    void testsThatRunAtTheSameTimeShareTheServerOfTheirClass() {
        Outcome outcome = Runs.runInParallel(AtTheSameTime.class);

        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.all()).hasSize(1);
    }

    @WithSlsLocal
    static class FailsInItsConstructor {

        FailsInItsConstructor(SlsLocal server) {
            Runs.saw("constructor", server);
            fail("on purpose");
        }

        @Test
        void isNotReached() {}
    }

    @WithSlsLocal
    static class FailsBefore {

        @BeforeEach
        void before(SlsLocal server) {
            Runs.saw("before", server);
            fail("on purpose");
        }

        @Test
        void isNotReached() {}
    }

    @WithSlsLocal
    static class FailsInItsTest {

        @Test
        void fails(SlsLocal server) {
            Runs.saw("test", server);
            fail("on purpose");
        }

        @AfterEach
        void alsoFails() {
            fail("on purpose");
        }
    }

    @WithSlsLocal(server = WithSlsLocal.Server.PER_CLASS)
    static class FailsBeforeAll {

        @BeforeAll
        static void first(SlsLocal server) {
            Runs.saw("first", server);
            throw new StackOverflowError("on purpose");
        }

        @Test
        void isNotReached() {}
    }

    @Test
    void serversAreClosedWhateverFails() {
        Outcome outcome =
                Runs.run(FailsInItsConstructor.class, FailsBefore.class, FailsInItsTest.class, FailsBeforeAll.class);

        assertThat(outcome.succeeded()).isZero();
        assertThat(outcome.failures()).hasSize(4).allSatisfy(failure -> assertThat(failure)
                .contains("on purpose"));
        assertThat(outcome.all()).hasSize(4);
    }

    @WithSlsLocal
    static class TooEarly {

        @BeforeAll
        static void first(SlsLocal server) {
            Runs.saw("first", server);
        }

        @Test
        void isNotReached() {}
    }

    @WithSlsLocal(logstores = "p-p/one")
    static class WrongLogstore {

        @Test
        void isNotReached(SlsLocal server) {}
    }

    @WithSlsLocal(logstores = {"p-p/one:1", "p-p/two:1"})
    static class WhichLedger {

        @Test
        void unnamed(LogstoreLedger ledger) {}

        @Test
        void unknown(@LedgerOf("p-p/three") LogstoreLedger ledger) {}

        @Test
        void noName(@LedgerOf("three") LogstoreLedger ledger) {}
    }

    @ExtendWith(SlsLocalExtension.class)
    static class WithoutAnnotation {

        @Test
        void isNotReached() {}
    }

    @Test
    void mistakesSayWhatToDo() {
        assertThat(Runs.run(TooEarly.class).failures())
                .singleElement()
                .asString()
                .contains("for each test method", "server = PER_CLASS");
        assertThat(Runs.run(WrongLogstore.class).failures())
                .singleElement()
                .asString()
                .contains("'p-p/one' is not of the form PROJECT/NAME:SHARDS");
        assertThat(Runs.run(WhichLedger.class).failures())
                .hasSize(3)
                .anyMatch(failure -> failure.contains("has 2 logstores: say which with @LedgerOf"))
                .anyMatch(failure -> failure.contains("\"p-p/three\"") && failure.contains("name it in logstores"))
                .anyMatch(failure -> failure.contains("expected \"project/logstore\""));
        assertThat(Runs.run(WithoutAnnotation.class).failures())
                .singleElement()
                .asString()
                .contains("use @WithSlsLocal in place of @ExtendWith");
    }

    static final class AnotherExtension implements BeforeEachCallback {

        @Override
        public void beforeEach(ExtensionContext context) {
            Runs.saw("extension", SlsLocalExtension.serverOf(context));
        }
    }

    @WithSlsLocal
    @ExtendWith(AnotherExtension.class)
    static class WithAnotherExtension {

        @Test
        void hasOneServer(SlsLocal server) {
            Runs.saw("test", server);
        }
    }

    @Test
    void otherExtensionsSeeTheServer() {
        Outcome outcome = Runs.run(WithAnotherExtension.class);

        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.of("extension")).isEqualTo(outcome.of("test"));
    }
}
