package dev.watermill.spring.mill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.key.KeyFunction;
import dev.watermill.spring.binding.internal.StreamBinding;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidOutputException;
import dev.watermill.spring.naming.internal.RelaxedName;
import dev.watermill.spring.processor.internal.Processor;
import dev.watermill.spring.processor.internal.ProcessorOutput;
import dev.watermill.spring.processor.internal.ProcessorResults;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.StreamProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Gives a mill the streams it writes.
 */
final class MillOutputs {

	private final Processor processor;

	private final Map<String, String> settings;

	private final String property;

	private final WaterMillProperties properties;

	private final StreamBindings bindings;

	MillOutputs(Processor processor, MillProperties settings, WaterMillProperties properties, StreamBindings bindings) {
		this.processor = processor;
		this.settings = settings.getOutputs();
		this.property = "watermill.mills." + processor.mill() + ".outputs";
		this.properties = properties;
		this.bindings = bindings;
	}

	void addTo(MillBuilder builder) {
		for (ProcessorOutput output : outputs()) {
			SettingsCheck.ofStream(output.name(), this.properties.findStream(output.name()));
			StreamBinding binding = this.bindings.get(output.name(), this.processor.mill());
			StreamDefinition<Object> definition = new StreamDefinition<>(output.name(), output.type().getType(),
					binding.settings());
			try {
				builder.to(definition, output.type().resolve(Object.class), binding.broker(), key(output));
			}
			catch (BrokerException ex) {
				throw new InvalidBindingException(
						"The mill '" + this.processor.mill() + "' can't write its stream '" + output.name() + "'. "
								+ ex.getMessage(),
						"Correct watermill.streams." + output.name() + "." + binding.property() + ".", ex);
			}
		}
	}

	private @Nullable KeyFunction<Object> key(ProcessorOutput output) {
		StreamProperties stream = this.properties.findStream(output.name());
		String text = (stream != null) ? stream.getKey() : null;
		if (text == null) {
			return null;
		}
		String origin = "watermill.streams." + output.name() + ".key";
		KeyFunction<Object> key = new KeyExpression(text, origin).compile(output.type(),
				"The record key of the stream '" + output.name() + "' of the mill '" + this.processor.mill() + "'");
		if (key instanceof KeyFunction.OfRecord) {
			throw refuse(
					"has the record key '" + text + "' for the results of its stream '" + output.name()
							+ "', but results have no records yet of which it could be computed",
					"Compute it of fields of the result, in " + origin + ".");
		}
		return key;
	}

	private List<ProcessorOutput> outputs() {
		ProcessorResults results = this.processor.results();
		if (!this.settings.isEmpty()) {
			if (!results.exist()) {
				throw refuse("has output streams under " + this.property + ", but its function returns no results",
						"Remove the setting, or let " + this.processor.description() + " return its results.");
			}
			return configured(results);
		}
		if (results.exist() && results.outputs().isEmpty()) {
			throw refuse("returns results of any type, so that nothing says which stream they go to",
					"Put @ToStream(\"...\") on " + this.processor.description() + ", or set " + this.property
							+ " to stream names with the classes of their results.");
		}
		return results.outputs();
	}

	private List<ProcessorOutput> configured(ProcessorResults results) {
		List<ProcessorOutput> outputs = new ArrayList<>();
		this.settings.forEach((key, value) -> {
			// A list has numbers for keys
			boolean listed = key.chars().allMatch(Character::isDigit);
			if (listed && this.settings.size() > 1) {
				throw refuse("has several output streams without types under " + this.property,
						"Give each the class of its results, such as " + this.property + "." + RelaxedName.kebab(value)
								+ "=com.acme.Alarm.");
			}
			outputs.add(listed ? new ProcessorOutput(RelaxedName.kebab(value), results.type())
					: new ProcessorOutput(RelaxedName.kebab(key), type(key, value, results)));
		});
		return outputs;
	}

	private ResolvableType type(String stream, String className, ProcessorResults results) {
		Class<?> type;
		try {
			type = ClassUtils.forName(className.trim(), getClass().getClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			throw new InvalidOutputException("The property " + this.property + "." + stream + " names the class '"
					+ className + "', which can't be found.", "Write its full name, such as com.acme.Alarm.", ex);
		}
		if (!results.type().resolve(Object.class).isAssignableFrom(type)) {
			throw refuse("has results of type " + results.type().resolve(Object.class).getSimpleName() + ", but "
					+ this.property + "." + stream + " names the class " + type.getName() + ", which is none of them",
					"Name a class that " + this.processor.description() + " can return.");
		}
		return ResolvableType.forClass(type);
	}

	private InvalidOutputException refuse(String problem, String action) {
		return new InvalidOutputException("The mill '" + this.processor.mill() + "' " + problem + ".", action);
	}

}
