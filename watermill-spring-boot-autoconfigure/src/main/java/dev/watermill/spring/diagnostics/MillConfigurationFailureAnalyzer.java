package dev.watermill.spring.diagnostics;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/**
 * Explains a {@link MillConfigurationException}.
 */
final class MillConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<MillConfigurationException>
		implements Ordered {

	@Override
	public int getOrder() {
		// Before those of Spring Boot, which explain the causes
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MillConfigurationException cause) {
		return new FailureAnalysis(cause.getDescription(), cause.getAction(), cause);
	}

}
