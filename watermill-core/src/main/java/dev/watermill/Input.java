package dev.watermill;

import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * An input stream of a mill that is being built, and later the way to what it contributes
 * to a {@link Delivery}.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public class Input<T> {

	private final int node;

	private final String stream;

	private ErrorPolicy onInvalid = ErrorPolicy.FAIL;

	private @Nullable ErrorPolicy onTombstone;

	private ErrorPolicy onDisorder = ErrorPolicy.FAIL;

	Input(int node, String stream) {
		this.node = node;
		this.stream = stream;
	}

	/**
	 * The name of the stream.
	 * @return the name
	 */
	public String stream() {
		return this.stream;
	}

	/**
	 * Say what happens with elements that can't be read or have no valid key. The default
	 * is to fail.
	 * @param policy what happens
	 */
	public void onInvalid(ErrorPolicy policy) {
		this.onInvalid = policy;
	}

	/**
	 * Say what happens with records without a value. The default is what happens with
	 * elements that can't be read.
	 * @param policy what happens
	 */
	public void onTombstone(ErrorPolicy policy) {
		this.onTombstone = policy;
	}

	/**
	 * Say what happens with elements whose key is less than one before. The default is to
	 * fail.
	 * @param policy what happens
	 */
	public void onDisorder(ErrorPolicy policy) {
		this.onDisorder = policy;
	}

	int node() {
		return this.node;
	}

	ErrorPolicy invalidPolicy() {
		return this.onInvalid;
	}

	ErrorPolicy tombstonePolicy() {
		return (this.onTombstone != null) ? this.onTombstone : this.onInvalid;
	}

	ErrorPolicy disorderPolicy() {
		return this.onDisorder;
	}

	@Override
	public String toString() {
		return this.stream;
	}

}
