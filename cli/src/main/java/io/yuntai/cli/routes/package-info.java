/**
 * The commands about the configuration file's routes, and where that file is found. Reads the file
 * and asks a running server over HTTP; knows nothing of how routes work.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.cli.routes;
