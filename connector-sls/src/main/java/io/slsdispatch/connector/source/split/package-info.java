/**
 * Types that enumerator and readers share: the split, its serialized form and the source events. Depends on neither
 * side and not on the client.
 */
@NullMarked
package io.slsdispatch.connector.source.split;

import org.jspecify.annotations.NullMarked;
