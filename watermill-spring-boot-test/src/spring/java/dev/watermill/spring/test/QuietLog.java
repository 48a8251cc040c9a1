package dev.watermill.spring.test;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Keeps mills from telling of each of a thousand crashes, as long as it is open.
 */
final class QuietLog implements AutoCloseable {

	private static final String LOGGER = "dev.watermill";

	private final LoggingSystem system;

	private final @Nullable LogLevel before;

	QuietLog() {
		this.system = LoggingSystem.get(QuietLog.class.getClassLoader());
		LoggerConfiguration known = this.system.getLoggerConfiguration(LOGGER);
		this.before = (known != null) ? known.getConfiguredLevel() : null;
		this.system.setLogLevel(LOGGER, LogLevel.OFF);
	}

	@Override
	public void close() {
		this.system.setLogLevel(LOGGER, this.before);
	}

}
