/**
 * The wire format of log groups, as far as forwarding them unchanged requires: where each group of a pulled list begins
 * and ends, and its topic. All other fields are skipped, never decoded. Also the compressions of pulls and
 * puts, LZ4 blocks and zstd frames: compressing, decompressing, and cutting an LZ4 block into blocks of slices without
 * doing either. Depends on no other package of the connector.
 *
 * <p>Field numbers are those of the service's published proto2 schema (log_logs.proto of the official SDKs): {@code
 * LogGroupList.logGroupList = 1}; {@code LogGroup.Logs = 1, Category = 2, Topic = 3, Source = 4, MachineUUID = 5,
 * LogTags = 6}.
 */
@NullMarked
package io.slsdispatch.connector.wire;

import org.jspecify.annotations.NullMarked;
