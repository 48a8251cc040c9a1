package com.acme.robots;

import org.springframework.context.annotation.Primary;

/**
 * In place of the limits where the function shall fail. Says so to whoever started the
 * process.
 */
@Primary
class NoLimits extends SpeedLimits {

	@Override
	double cut(double speed) {
		System.out.println("No limits");
		throw new IllegalStateException("no limits");
	}

}
