package dev.watermill.spring.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * By which keys a stream is joined to its parent.
 *
 * @since 0.1.0
 */
public class JoinProperties {

	/**
	 * Expression for the key of the parent's elements.
	 */
	private @Nullable String left;

	/**
	 * Expression for the key of the stream's elements.
	 */
	private @Nullable String right;

	public @Nullable String getLeft() {
		return this.left;
	}

	public void setLeft(@Nullable String left) {
		this.left = StringUtils.hasText(left) ? left : null;
	}

	public @Nullable String getRight() {
		return this.right;
	}

	public void setRight(@Nullable String right) {
		this.right = StringUtils.hasText(right) ? right : null;
	}

}
