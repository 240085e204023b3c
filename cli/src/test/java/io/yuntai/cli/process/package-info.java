/** The real process, as a user starts, uses, stops and kills it. */
package io.yuntai.cli.process;
