/** The extension of JUnit: tests that run classes of tests. */
@NullMarked
package io.slsdispatch.local.junit;

import org.jspecify.annotations.NullMarked;
