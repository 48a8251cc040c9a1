package dev.watermill.spring.mill;

import dev.watermill.Mill;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinNode;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks, before a mill starts, that its streams can be read and written.
 */
final class StartCheck {

	private static final Logger logger = LoggerFactory.getLogger(StartCheck.class);

	private final MillNetwork network;

	private final StreamBindings bindings;

	StartCheck(MillNetwork network, StreamBindings bindings) {
		this.network = network;
		this.bindings = bindings;
	}

	void check(Mill mill) {
		for (JoinNode node : mill.tree().nodes()) {
			if (!this.network.isWritten(node)) {
				verify(node.source()::verify, mill, node.stream(), "read", node.source().location());
			}
		}
		for (Output output : mill.outputs()) {
			verify(output.sink()::verify, mill, output.stream(), "write", output.sink().location());
			output.sink().unfinishedLocation().ifPresent((unfinished) -> warnIfEndless(mill, output, unfinished));
		}
	}

	private void verify(Runnable verification, Mill mill, String stream, String verb, String location) {
		try {
			verification.run();
		}
		catch (BrokerUnavailableException ex) {
			logger.warn("Mill '{}' has to wait before it can {} its stream '{}': {}", mill.name(), verb, stream,
					ex.getMessage());
		}
		catch (BrokerException ex) {
			throw new InvalidBindingException(
					"The mill '" + mill.name() + "' can't " + verb + " its stream '" + stream + "'. " + ex.getMessage(),
					"See to it that " + location + " can be " + (verb.equals("read") ? "read" : "written")
							+ ", or correct " + this.bindings.property(stream) + ".",
					ex);
		}
	}

	private void warnIfEndless(Mill mill, Output output, String unfinished) {
		mill.tree()
			.nodes()
			.stream()
			.filter((node) -> !node.source().isBatch())
			.findFirst()
			.ifPresent((node) -> logger.warn(
					"Mill '{}' writes its stream '{}' to {}, which appears once the mill completes. But its input '{}' "
							+ "may never end; until then the results stand in {}. A file of lines (.jsonl) grows in "
							+ "place.",
					mill.name(), output.stream(), output.sink().location(), node.stream(), unfinished));
	}

}
