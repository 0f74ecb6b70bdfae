/**
 * The SLS API: one handler class for each operation or small family of operations, and the classes that handlers share.
 * Each call is matched to an operation, verified and handled; a fault may alter the result. Depends on {@code http},
 * {@code signature}, {@code store}, {@code fault} and {@code settings}.
 */
@NullMarked
package io.slsdispatch.local.service;

import org.jspecify.annotations.NullMarked;
