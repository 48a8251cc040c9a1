package com.acme.robots;

import org.springframework.stereotype.Component;

@Component
class SpeedLimits {

	double max() {
		return 100;
	}

}
