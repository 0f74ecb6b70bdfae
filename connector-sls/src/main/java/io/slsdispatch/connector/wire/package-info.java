/**
 * The wire format of log groups, as far as it must be understood to forward them unchanged: where each group of a pulled
 * list begins and ends, and its topic. Everything else is stepped over, never decoded. And the LZ4 block format, in which
 * they come and go: compress, restore, and cut blocks into blocks of slices without doing either. Depends on no other
 * package of the connector.
 *
 * <p>Field numbers are those of the service's published proto2 schema (log_logs.proto of the official SDKs):
 * {@code LogGroupList.logGroupList = 1}; {@code LogGroup.Logs = 1, Category = 2, Topic = 3, Source = 4, MachineUUID = 5,
 * LogTags = 6}.
 */
@NullMarked
package io.slsdispatch.connector.wire;

import org.jspecify.annotations.NullMarked;
