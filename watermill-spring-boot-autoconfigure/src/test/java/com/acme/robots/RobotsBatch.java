package com.acme.robots;

import org.springframework.boot.SpringApplication;

/**
 * The same application with the idiom of a batch, which ends with the exit code of its
 * context.
 */
public final class RobotsBatch {

	private RobotsBatch() {
	}

	public static void main(String[] args) {
		System.exit(SpringApplication.exit(SpringApplication.run(RobotsApplication.class, args)));
	}

}
