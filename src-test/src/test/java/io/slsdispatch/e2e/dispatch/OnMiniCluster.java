package io.slsdispatch.e2e.dispatch;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the tests of a class on a Flink cluster in their own process, and starts for each test the {@link Rig} of the field
 * that has {@link WithLogstores}, if there is one.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MiniClusterAndRig.class)
@interface OnMiniCluster {

    /** Marks the field of a class that gets a {@link Rig} before each test; it is closed after the test. */
    @Target(ElementType.FIELD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface WithLogstores {

        /** The names of the targets, each with a logstore of its name. */
        String[] targets();

        int sourceShards();

        int targetShards() default 2;
    }
}
