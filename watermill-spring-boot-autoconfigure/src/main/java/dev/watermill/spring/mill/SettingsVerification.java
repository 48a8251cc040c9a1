package dev.watermill.spring.mill;

import java.time.Duration;

import dev.watermill.Mill;
import dev.watermill.broker.BrokerException;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinNode;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;

/**
 * Lets the brokers of all mills verify the settings of their streams, those of mills too
 * that are not to start with the application: what is wrong with them would be wrong
 * later.
 */
final class SettingsVerification {

	private final StreamBindings bindings;

	SettingsVerification(StreamBindings bindings) {
		this.bindings = bindings;
	}

	/**
	 * Verify how long lanes may take to be handed over, by what they read.
	 */
	void verifyHandOver(Mill mill, Duration timeout) {
		String property = "watermill.mills." + mill.name() + ".hand-over-timeout";
		mill.tree().nodes().forEach((node) -> this.bindings.checkHandOver(node.stream(), timeout, property));
	}

	void verify(Mill mill) {
		for (JoinNode node : mill.tree().nodes()) {
			verify(node.source()::verifySettings, mill, "read", node.stream());
		}
		for (Output output : mill.outputs()) {
			verify(output.sink()::verifySettings, mill, "write", output.stream());
		}
		mill.deadLetters()
			.forEach((stream, output) -> verify(output.sink()::verifySettings, mill, "write the dead letters of",
					stream));
	}

	private void verify(Runnable verification, Mill mill, String verb, String stream) {
		try {
			verification.run();
		}
		catch (BrokerException ex) {
			throw this.bindings.explain(stream, ex)
				.orElseGet(() -> new InvalidBindingException(
						"The mill '" + mill.name() + "' can't " + verb + " its stream '" + stream + "'. "
								+ ex.getMessage(),
						"Correct the settings of " + this.bindings.property(stream) + ".", ex));
		}
	}

}
