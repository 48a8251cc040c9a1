package dev.watermill.spring.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.StringUtils;

/**
 * How the elements of a stream that are not quite in order are brought into it.
 *
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public class ReorderProperties {

	/**
	 * Expression for the key in whose order they come.
	 */
	private @Nullable String by;

	/**
	 * By how much the key may be less than one before it: a number in its units, or a
	 * duration.
	 */
	private @Nullable String within;

	/**
	 * Return settings that are written as one text, which has to be empty.
	 * @param text the text
	 * @return settings of which none is set
	 */
	public static ReorderProperties valueOf(String text) {
		if (StringUtils.hasText(text)) {
			throw new IllegalArgumentException("Expected { by: ..., within: ... }, found " + text);
		}
		return new ReorderProperties();
	}

	public @Nullable String getBy() {
		return this.by;
	}

	public void setBy(@Nullable String by) {
		this.by = StringUtils.hasText(by) ? by : null;
	}

	public @Nullable String getWithin() {
		return this.within;
	}

	public void setWithin(@Nullable String within) {
		this.within = StringUtils.hasText(within) ? within : null;
	}

}
