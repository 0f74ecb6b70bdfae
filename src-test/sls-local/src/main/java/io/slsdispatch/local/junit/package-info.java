/**
 * SLS Local in tests with JUnit 5: {@link io.slsdispatch.local.junit.WithSlsLocal}. Needs JUnit Jupiter 5.8 or later,
 * which the test has anyway; nothing else of SLS Local depends on this package.
 */
@NullMarked
package io.slsdispatch.local.junit;

import org.jspecify.annotations.NullMarked;
