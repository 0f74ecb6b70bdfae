/** A real browser for tests. */
@NullMarked
package io.slsdispatch.browser;

import org.jspecify.annotations.NullMarked;
