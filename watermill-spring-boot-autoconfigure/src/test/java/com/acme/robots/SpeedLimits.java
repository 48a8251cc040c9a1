package com.acme.robots;

import org.springframework.stereotype.Component;

@Component
class SpeedLimits {

	double cut(double speed) {
		return Math.min(speed, 3);
	}

}
