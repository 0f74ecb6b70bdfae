/**
 * The administration endpoints under {@code /_local/}: the console page, faults, ledgers and statistics. They serve
 * people and tests on this machine. Depends on {@code service}.
 */
@NullMarked
package io.slsdispatch.local.admin;

import org.jspecify.annotations.NullMarked;
