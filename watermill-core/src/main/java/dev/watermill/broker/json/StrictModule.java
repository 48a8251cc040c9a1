package dev.watermill.broker.json;

import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads numbers for what they are: see {@link WholeNumberDeserializer},
 * {@link FloatingDeserializer} and {@link UntypedDeserializer}. Deserializers of the
 * user's own stay as they are.
 *
 * @since 0.1.0
 */
public final class StrictModule extends SimpleModule {

	private static final long serialVersionUID = 1L;

	/**
	 * Create a module.
	 */
	public StrictModule() {
		super(StrictModule.class.getName());
		setDeserializerModifier(new Numbers());
	}

	private static final class Numbers extends ValueDeserializerModifier {

		private static final long serialVersionUID = 1L;

		@Override
		public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config,
				BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
			Class<?> type = description.getBeanClass();
			if (!deserializer.getClass().getName().startsWith("tools.jackson.databind.deser.")) {
				return deserializer;
			}
			if (type == Object.class) {
				return new UntypedDeserializer(deserializer);
			}
			ValueDeserializer<?> whole = WholeNumberDeserializer.of(deserializer, type);
			ValueDeserializer<?> floating = FloatingDeserializer.of(deserializer, type);
			return (whole != null) ? whole : ((floating != null) ? floating : deserializer);
		}

	}

}
