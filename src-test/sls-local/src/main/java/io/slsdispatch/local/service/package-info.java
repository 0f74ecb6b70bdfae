/**
 * The API: one handler class per operation or small family, and what they share. A call is matched, verified, handled and
 * possibly damaged by a fault. Depends on {@code http}, {@code signature}, {@code store}, {@code fault} and {@code settings}.
 */
@NullMarked
package io.slsdispatch.local.service;

import org.jspecify.annotations.NullMarked;
