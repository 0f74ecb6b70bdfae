/** A real browser for tests, and the pictures that the README shows. */
@NullMarked
package io.slsdispatch.browser;

import org.jspecify.annotations.NullMarked;
