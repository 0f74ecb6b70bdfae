/**
 * What comes from outside: files are read with a limit, and external texts are made safe before they are in a message.
 * Depends on nothing.
 */
@NullMarked
package io.slsdispatch.connector.text;

import org.jspecify.annotations.NullMarked;
