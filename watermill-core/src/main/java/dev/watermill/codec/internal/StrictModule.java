package dev.watermill.codec.internal;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.ext.jdk8.OptionalIntDeserializer;
import tools.jackson.databind.ext.jdk8.OptionalLongDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.module.SimpleDeserializers;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.type.ReferenceType;

/**
 * Reads numbers for what they are: see {@link WholeNumberDeserializer},
 * {@link WholeNumbersDeserializer}, {@link FloatingDeserializer},
 * {@link InstantDeserializer} and {@link UntypedDeserializer}. Deserializers of the
 * user's own stay as they are.
 *
 * @since 0.1.0
 */
public final class StrictModule extends SimpleModule {

	private static final long serialVersionUID = 1L;

	private static final List<Strict> STRICT = List.of(WholeNumberDeserializer::of, WholeNumbersDeserializer::of,
			FloatingDeserializer::of, InstantDeserializer::of);

	/**
	 * Create a module.
	 */
	public StrictModule() {
		super(StrictModule.class.getName());
		setDeserializerModifier(new Numbers());
		setDeserializers(new OptionalNumbers());
	}

	private static final class Numbers extends ValueDeserializerModifier {

		private static final long serialVersionUID = 1L;

		@Override
		public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config,
				BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
			return strict(deserializer, description.getBeanClass());
		}

		@Override
		public ValueDeserializer<?> modifyArrayDeserializer(DeserializationConfig config, ArrayType type,
				BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
			return strict(deserializer, type.getRawClass());
		}

		private static ValueDeserializer<?> strict(ValueDeserializer<?> deserializer, Class<?> type) {
			if (!deserializer.getClass().getName().startsWith("tools.jackson.databind.")) {
				return deserializer;
			}
			if (type == Object.class) {
				return new UntypedDeserializer(deserializer);
			}
			for (Strict strict : STRICT) {
				ValueDeserializer<?> replacement = strict.of(deserializer, type);
				if (replacement != null) {
					return replacement;
				}
			}
			return deserializer;
		}

	}

	/**
	 * Jackson asks no modifier about its deserializers for these.
	 */
	private static final class OptionalNumbers extends SimpleDeserializers {

		private static final long serialVersionUID = 1L;

		@Override
		public @Nullable ValueDeserializer<?> findReferenceDeserializer(ReferenceType type,
				DeserializationConfig config, BeanDescription.Supplier description,
				@Nullable TypeDeserializer contentTypeDeserializer,
				@Nullable ValueDeserializer<?> contentDeserializer) {
			Class<?> raw = type.getRawClass();
			ValueDeserializer<?> delegate = (raw == OptionalLong.class) ? new OptionalLongDeserializer()
					: (raw == OptionalInt.class) ? new OptionalIntDeserializer() : null;
			return (delegate != null) ? WholeNumbersDeserializer.of(delegate, raw) : null;
		}

	}

	/**
	 * Makes the deserializer that is strict, of the one that Jackson has for a type.
	 */
	private interface Strict {

		/**
		 * Return a deserializer.
		 * @return {@code null} if the type is not its
		 */
		@Nullable ValueDeserializer<?> of(ValueDeserializer<?> delegate, Class<?> type);

	}

}
