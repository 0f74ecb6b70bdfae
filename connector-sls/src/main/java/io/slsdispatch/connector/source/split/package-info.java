/**
 * What enumerator and readers share: the split, its serialized form and the events that the two send each other. Knows
 * neither side and not the client.
 */
@NullMarked
package io.slsdispatch.connector.source.split;

import org.jspecify.annotations.NullMarked;
