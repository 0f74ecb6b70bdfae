package io.slsdispatch.local.junit;

import io.slsdispatch.local.SlsLocalOptions;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class, or one test, a running SLS Local.
 *
 * <pre>{@code
 * @WithSlsLocal(logstores = "my-project/my-logs:2")
 * class MyWriterTest {
 *
 *     @Test
 *     void writesOneGroup(SlsLocal sls, LogstoreLedger ledger) throws Exception {
 *         new MyWriter(sls.endpoint()).write("hello");
 *
 *         assertThat(ledger.toList()).hasSize(1);
 *     }
 *
 *     @Test
 *     void triesAgain(SlsLocal sls, Faults faults, LogstoreLedger ledger) throws Exception {
 *         faults.add(Fault.always(new Effect.Refuse(503, "ServerBusy", "busy", Effect.Moment.BEFORE)).times(1));
 *         new MyWriter(sls.endpoint()).write("hello");
 *
 *         assertThat(ledger.toList()).hasSize(1);
 *     }
 * }
 * }</pre>
 *
 * <p>Constructors, tests, and methods with {@code @BeforeEach}, {@code @AfterEach} and so on may have parameters of these
 * types:
 *
 * <ul>
 *   <li>{@link io.slsdispatch.local.SlsLocal}: the server
 *   <li>{@link io.slsdispatch.local.fault.Faults}: its faults
 *   <li>{@link io.slsdispatch.local.ledger.LogstoreLedger}: what was written to the logstore that {@link LedgerOf} names;
 *       without it, to the one of {@link #logstores()}
 *   <li>{@link io.slsdispatch.local.service.RequestLog}: the last requests
 * </ul>
 *
 * <p>The server listens on a free port of 127.0.0.1 and accepts {@link SlsLocalOptions#DEFAULT_KEY}. It is closed in every
 * case, also when a constructor, a set-up method or the test fails. Tests may run in parallel.
 *
 * <p>Subclasses inherit the annotation, and so do {@code @Nested} classes. The innermost annotation counts: a nested class
 * or a method with one of its own has a server of its own, also for the constructors and set-up methods of the classes
 * around it. It may be part of an annotation of your own.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SlsLocalExtension.class)
public @interface WithSlsLocal {

    /** Which tests share a server. */
    Server server() default Server.PER_METHOD;

    /** Logstores that exist when the server is up, as in {@code my-project/my-logs:2}, where 2 is the number of shards. */
    String[] logstores() default {};

    /** Whether requests must be signed with a valid key. */
    boolean verifySignatures() default true;

    /** How many of the last requests are kept for {@link io.slsdispatch.local.service.RequestLog}. */
    int recordRequests() default 1000;

    /**
     * More options, such as keys, a clock or quotas: a class with a constructor without parameters, which is applied to
     * the options of every server after the elements above.
     */
    Class<? extends Consumer<SlsLocalOptions.Builder>> options() default NoMoreOptions.class;

    /** Which tests share a server. */
    enum Server {

        /**
         * Each test has its own, also each invocation of a parameterized or repeated one. There is none for
         * {@code @BeforeAll}, nor for a constructor with {@code Lifecycle.PER_CLASS} or before JUnit 5.12.
         */
        PER_METHOD,

        /**
         * The tests of the class share one, with its data. A fault that a test or its {@code @BeforeEach} switches on is
         * switched off when no test of the class is running any more; a fault of {@code @BeforeAll} stays.
         */
        PER_CLASS
    }

    /** The default of {@link #options()}. */
    final class NoMoreOptions implements Consumer<SlsLocalOptions.Builder> {

        @Override
        public void accept(SlsLocalOptions.Builder options) {
            // Nothing to add.
        }
    }
}
