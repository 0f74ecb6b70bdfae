package io.slsdispatch.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test class that starts a {@link FlinkCluster}: it has the tag {@code cluster}, so that
 * {@code -DexcludedGroups=cluster} leaves it out and {@code -Dgroups=cluster} runs only such, and its failures show the
 * ends of the cluster's logs.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("cluster")
@ExtendWith(LogsOnFailure.class)
public @interface OnCluster {}
