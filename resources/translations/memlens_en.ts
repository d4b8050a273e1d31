<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
<name>memlens</name>
<message>
<source> dpi</source>
<translation type="unfinished" />
</message>
<message>
<source> pixels</source>
<translation type="unfinished" />
</message>
<message>
<source> px</source>
<translation type="unfinished" />
</message>
<message>
<source> steps per second</source>
<translation type="unfinished" />
</message>
<message>
<source> · logSNR {0}</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;About memlens</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Add runs of a session …</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Annotator</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Back five steps</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Back to previous run</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Bare picture while held</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Brush</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Cancel</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Clear</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Consensus</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Consensus …</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Curvature ↔ score difference</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Delete run</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Discard unsaved work</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Drawn</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Duplicate</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Edit</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Eraser</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Export …</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;File</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Fill</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Fill with colour</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Find</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;First step</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Found</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Ground truth</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Grow</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Hand</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Help</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Import mask …</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Imported</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Intersect</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Invert</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Keyboard shortcuts</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Kind</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Last step</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Masks</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Merge</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;New mask</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Next step</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Open model folder …</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Outline or not</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Outline the mask</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Polygon</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Previous step</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Quit</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Redo</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Restore unsaved work</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Run</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Save session</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Show</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Shrink</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Solo</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Steps</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Stretch levels to each map</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Subtract</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Superpixels</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Tools</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Undo</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Undo change of the runs</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;View</source>
<translation type="unfinished" />
</message>
<message>
<source>&amp;Zoom to mask</source>
<translation type="unfinished" />
</message>
<message>
<source>1 more was left behind.</source>
<translation type="unfinished" />
</message>
<message>
<source>1 probe</source>
<translation type="unfinished" />
</message>
<message>
<source>1 run</source>
<translation type="unfinished" />
</message>
<message>
<source>1 to 6</source>
<translation type="unfinished" />
</message>
<message>
<source>85 mm for one panel, 120 for two, 170 for more</source>
<translation type="unfinished" />
</message>
<message>
<source>95 % Hausdorff distance between the outlines.</source>
<translation type="unfinished" />
</message>
<message>
<source>&gt; {0}</source>
<translation type="unfinished" />
</message>
<message>
<source>A UNet's folder or file of weights, or a hub id</source>
<translation type="unfinished" />
</message>
<message>
<source>A consensus needs the masks of two annotators or more: a ground truth and another consensus are none. Choose their kind in the list.</source>
<translation type="unfinished" />
</message>
<message>
<source>A folder in diffusers' layout, or a hub id</source>
<translation type="unfinished" />
</message>
<message>
<source>A folder, a .safetensors file, or a hub id such as owner/name</source>
<translation type="unfinished" />
</message>
<message>
<source>A folder, or a hub id such as owner/name</source>
<translation type="unfinished" />
</message>
<message>
<source>A less-trained checkpoint of the same architecture, subtracted in Δh_θ̃ and Δs_θ̃</source>
<translation type="unfinished" />
</message>
<message>
<source>A mask is bundled for this prompt, made with other settings or another seed: does this picture show the pattern?</source>
<translation type="unfinished" />
</message>
<message>
<source>A second file beside each</source>
<translation type="unfinished" />
</message>
<message>
<source>A − B</source>
<translation type="unfinished" />
</message>
<message>
<source>A − B needs two maps: choose them above.</source>
<translation type="unfinished" />
</message>
<message>
<source>AP</source>
<translation type="unfinished" />
</message>
<message>
<source>AUROC</source>
<translation type="unfinished" />
</message>
<message>
<source>AUROC (of pixels)</source>
<translation type="unfinished" />
</message>
<message>
<source>Abandon</source>
<translation type="unfinished" />
</message>
<message>
<source>Abandon the shape</source>
<translation type="unfinished" />
</message>
<message>
<source>About memlens</source>
<translation type="unfinished" />
</message>
<message>
<source>About {time} with these settings</source>
<translation type="unfinished" />
</message>
<message>
<source>Absolute</source>
<translation type="unfinished" />
</message>
<message>
<source>Absolute levels 0 to 1, or stretched to each map</source>
<translation type="unfinished" />
</message>
<message>
<source>Accept</source>
<translation type="unfinished" />
</message>
<message>
<source>Accept the shape</source>
<translation type="unfinished" />
</message>
<message>
<source>Add</source>
<translation type="unfinished" />
</message>
<message>
<source>Add a mask of what all selected masks hold</source>
<translation type="unfinished" />
</message>
<message>
<source>Add a mask of what any of the selected masks holds</source>
<translation type="unfinished" />
</message>
<message>
<source>Add a mask of what the active mask holds and no other selected one does</source>
<translation type="unfinished" />
</message>
<message>
<source>Add an empty mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Add it as a mask.</source>
<translation type="unfinished" />
</message>
<message>
<source>Add mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Add or remove</source>
<translation type="unfinished" />
</message>
<message>
<source>Add runs of a session</source>
<translation type="unfinished" />
</message>
<message>
<source>Add the open shape to the mask, or remove it</source>
<translation type="unfinished" />
</message>
<message>
<source>Against {0}, {1}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Against {0}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Against {0}: no map is computed at this step yet.</source>
<translation type="unfinished" />
</message>
<message>
<source>Agreement</source>
<translation type="unfinished" />
</message>
<message>
<source>Agreement and readings as numbers</source>
<translation type="unfinished" />
</message>
<message>
<source>Agreement and readings, with the provenance of every row.</source>
<translation type="unfinished" />
</message>
<message>
<source>Agreement of each method with the mask</source>
<translation type="unfinished" />
</message>
<message>
<source>All</source>
<translation type="unfinished" />
</message>
<message>
<source>All colours; opens in browsers</source>
<translation type="unfinished" />
</message>
<message>
<source>All computed steps</source>
<translation type="unfinished" />
</message>
<message>
<source>All masks as &amp;COCO …</source>
<translation type="unfinished" />
</message>
<message>
<source>All masks as &amp;PNG …</source>
<translation type="unfinished" />
</message>
<message>
<source>All masks as &amp;labelme …</source>
<translation type="unfinished" />
</message>
<message>
<source>All of them hold it.</source>
<translation type="unfinished" />
</message>
<message>
<source>All panels beside each other.</source>
<translation type="unfinished" />
</message>
<message>
<source>Animation</source>
<translation type="unfinished" />
</message>
<message>
<source>Annotators</source>
<translation type="unfinished" />
</message>
<message>
<source>Another model opens, and runs asked of the one before are queued no more: {n}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Another seed</source>
<translation type="unfinished" />
</message>
<message>
<source>Any</source>
<translation type="unfinished" />
</message>
<message>
<source>Any of them holds it.</source>
<translation type="unfinished" />
</message>
<message>
<source>Arranged by hand</source>
<translation type="unfinished" />
</message>
<message>
<source>Arrangements of panels.</source>
<translation type="unfinished" />
</message>
<message>
<source>As listed</source>
<translation type="unfinished" />
</message>
<message>
<source>As opaque as on the screen</source>
<translation type="unfinished" />
</message>
<message>
<source>As the official code writes them, clamped at 0</source>
<translation type="unfinished" />
</message>
<message>
<source>As the paper defines each map.</source>
<translation type="unfinished" />
</message>
<message>
<source>At least</source>
<translation type="unfinished" />
</message>
<message>
<source>Auto: {what}</source>
<translation type="unfinished" />
</message>
<message>
<source>Average precision: the area under the precision–recall curve.</source>
<translation type="unfinished" />
</message>
<message>
<source>Average {0}–{1}</source>
<translation type="unfinished" />
</message>
<message>
<source>Baseline</source>
<translation type="unfinished" />
</message>
<message>
<source>Best</source>
<translation type="unfinished" />
</message>
<message>
<source>Bilinear</source>
<translation type="unfinished" />
</message>
<message>
<source>Blink</source>
<translation type="unfinished" />
</message>
<message>
<source>Bright Ending attention</source>
<translation type="unfinished" />
</message>
<message>
<source>Bright Ending over all end-of-text positions</source>
<translation type="unfinished" />
</message>
<message>
<source>Browse …</source>
<translation type="unfinished" />
</message>
<message>
<source>Brush</source>
<translation type="unfinished" />
</message>
<message>
<source>Brush size</source>
<translation type="unfinished" />
</message>
<message>
<source>By hand</source>
<translation type="unfinished" />
</message>
<message>
<source>CPU</source>
<translation type="unfinished" />
</message>
<message>
<source>Cancel</source>
<translation type="unfinished" />
</message>
<message>
<source>Cancel the last &amp;queued run</source>
<translation type="unfinished" />
</message>
<message>
<source>Cancel this queued run</source>
<translation type="unfinished" />
</message>
<message>
<source>Cancelled after 1 step: its maps can be made.</source>
<translation type="unfinished" />
</message>
<message>
<source>Cancelled after {n} steps: their maps can be made.</source>
<translation type="unfinished" />
</message>
<message>
<source>Cancelled.</source>
<translation type="unfinished" />
</message>
<message>
<source>Canonical</source>
<translation type="unfinished" />
</message>
<message>
<source>Canvas</source>
<translation type="unfinished" />
</message>
<message>
<source>Change between adding and removing</source>
<translation type="unfinished" />
</message>
<message>
<source>Change the model</source>
<translation type="unfinished" />
</message>
<message>
<source>Change …</source>
<translation type="unfinished" />
</message>
<message>
<source>Checkpoint's folder</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose a checkpoint's folder</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose a file of weights</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose a folder</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose a format.</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose a panel that shows a map first (1 to 6).</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose a threshold on the histogram first.</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose annotators, and add what most, all or any of them hold</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose another checkpoint</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose another model</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose another picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose at least one panel.</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose kind</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose the active panel</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose the threshold at which the active panel's map has its best IoU.</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose two annotators or more.</source>
<translation type="unfinished" />
</message>
<message>
<source>Choose “Compare masks” to see where two agree.</source>
<translation type="unfinished" />
</message>
<message>
<source>Clear</source>
<translation type="unfinished" />
</message>
<message>
<source>Click corner by corner; they can be moved until Enter</source>
<translation type="unfinished" />
</message>
<message>
<source>Click into an area of equal pixels</source>
<translation type="unfinished" />
</message>
<message>
<source>Click to show another method here.</source>
<translation type="unfinished" />
</message>
<message>
<source>Click, or drag over, small areas of one colour; about as large as the brush</source>
<translation type="unfinished" />
</message>
<message>
<source>Close memlens</source>
<translation type="unfinished" />
</message>
<message>
<source>Co&amp;mpare two masks</source>
<translation type="unfinished" />
</message>
<message>
<source>Cohen's κ: agreement beyond chance, pixel by pixel.</source>
<translation type="unfinished" />
</message>
<message>
<source>Colormap</source>
<translation type="unfinished" />
</message>
<message>
<source>Colours follow the logarithm of the values, on both sides of 0, and the values themselves close to it: the colour bar says how close.</source>
<translation type="unfinished" />
</message>
<message>
<source>Colours run from {0} to {1}{2}; the values from {3} to {4}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Com&amp;bine</source>
<translation type="unfinished" />
</message>
<message>
<source>Com&amp;pare</source>
<translation type="unfinished" />
</message>
<message>
<source>Compare maps</source>
<translation type="unfinished" />
</message>
<message>
<source>Compare maps with the active mask from now on, whichever is drawn</source>
<translation type="unfinished" />
</message>
<message>
<source>Compare no more.</source>
<translation type="unfinished" />
</message>
<message>
<source>Comparing needs two masks: add another one.</source>
<translation type="unfinished" />
</message>
<message>
<source>Compute</source>
<translation type="unfinished" />
</message>
<message>
<source>Compute &amp;maps of this step</source>
<translation type="unfinished" />
</message>
<message>
<source>Compute ahead when idle</source>
<translation type="unfinished" />
</message>
<message>
<source>Compute the reading again</source>
<translation type="unfinished" />
</message>
<message>
<source>Compute the shown maps at this step at once</source>
<translation type="unfinished" />
</message>
<message>
<source>Compute: {0}</source>
<translation type="unfinished" />
</message>
<message>
<source>Computed once the model is open.</source>
<translation type="unfinished" />
</message>
<message>
<source>Computed once the sampling is done.</source>
<translation type="unfinished" />
</message>
<message>
<source>Computes the neighbours of the shown step while nothing else runs; gives way at once, and waits where one network call takes long</source>
<translation type="unfinished" />
</message>
<message>
<source>Computing {symbol} …</source>
<translation type="unfinished" />
</message>
<message>
<source>Computing …</source>
<translation type="unfinished" />
</message>
<message>
<source>Consensus ({rule})</source>
<translation type="unfinished" />
</message>
<message>
<source>Consensus of annotators</source>
<translation type="unfinished" />
</message>
<message>
<source>Copy table</source>
<translation type="unfinished" />
</message>
<message>
<source>Copy the selected masks</source>
<translation type="unfinished" />
</message>
<message>
<source>Cosine of ε̂_∅ and ε̂_c − ε̂_∅ over all coordinates, the first noise x_T given to the network as if it were nearly clean.</source>
<translation type="unfinished" />
</message>
<message>
<source>Cost: {cost}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Curvature</source>
<translation type="unfinished" />
</message>
<message>
<source>Curvature difference</source>
<translation type="unfinished" />
</message>
<message>
<source>Curvature difference to less-trained</source>
<translation type="unfinished" />
</message>
<message>
<source>Curvature difference to unconditional</source>
<translation type="unfinished" />
</message>
<message>
<source>Curves</source>
<translation type="unfinished" />
</message>
<message>
<source>D + σ² tr ∇s_c at x_t, the trace term of FLIPD: the sum of retained variances.</source>
<translation type="unfinished" />
</message>
<message>
<source>D + σ²(tr ∇s_c + ‖s_c‖²) at α·x₀: dimensions in which the picture may vary.</source>
<translation type="unfinished" />
</message>
<message>
<source>Dark colours</source>
<translation type="unfinished" />
</message>
<message>
<source>De&amp;lete</source>
<translation type="unfinished" />
</message>
<message>
<source>Delete the runs and masks that were left behind</source>
<translation type="unfinished" />
</message>
<message>
<source>Deleted {title}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Demo</source>
<translation type="unfinished" />
</message>
<message>
<source>Demo: a small model that memorizes</source>
<translation type="unfinished" />
</message>
<message>
<source>Details</source>
<translation type="unfinished" />
</message>
<message>
<source>Details of the problem</source>
<translation type="unfinished" />
</message>
<message>
<source>Device</source>
<translation type="unfinished" />
</message>
<message>
<source>Device and precision</source>
<translation type="unfinished" />
</message>
<message>
<source>Diameter of brush and eraser: [ ] or Alt+wheel.</source>
<translation type="unfinished" />
</message>
<message>
<source>Discard</source>
<translation type="unfinished" />
</message>
<message>
<source>Dismiss</source>
<translation type="unfinished" />
</message>
<message>
<source>Dismiss this notice</source>
<translation type="unfinished" />
</message>
<message>
<source>Display</source>
<translation type="unfinished" />
</message>
<message>
<source>Done</source>
<translation type="unfinished" />
</message>
<message>
<source>Dots per inch of a PNG, and of the pictures in the others</source>
<translation type="unfinished" />
</message>
<message>
<source>Download it</source>
<translation type="unfinished" />
</message>
<message>
<source>Download it when it is not on this machine</source>
<translation type="unfinished" />
</message>
<message>
<source>Drag moves the picture, nothing is drawn</source>
<translation type="unfinished" />
</message>
<message>
<source>Drag; Shift for a circle, Alt from the centre</source>
<translation type="unfinished" />
</message>
<message>
<source>Drag; Shift for a square, Alt from the centre</source>
<translation type="unfinished" />
</message>
<message>
<source>Draw only the active mask, whichever that is</source>
<translation type="unfinished" />
</message>
<message>
<source>Draw the edge of the active mask in every panel.</source>
<translation type="unfinished" />
</message>
<message>
<source>Drawing (*.svg)</source>
<translation type="unfinished" />
</message>
<message>
<source>Drawing the preview …</source>
<translation type="unfinished" />
</message>
<message>
<source>Drawn</source>
<translation type="unfinished" />
</message>
<message>
<source>Drawn as on</source>
<translation type="unfinished" />
</message>
<message>
<source>Drop all regions but the largest</source>
<translation type="unfinished" />
</message>
<message>
<source>Drop all regions but the largest.</source>
<translation type="unfinished" />
</message>
<message>
<source>Drop regions of fewer pixels.</source>
<translation type="unfinished" />
</message>
<message>
<source>Drop regions under 0.1 % of the picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Drop small regions</source>
<translation type="unfinished" />
</message>
<message>
<source>Duplicate mask</source>
<translation type="unfinished" />
</message>
<message>
<source>E&amp;llipse</source>
<translation type="unfinished" />
</message>
<message>
<source>E&amp;xport mask …</source>
<translation type="unfinished" />
</message>
<message>
<source>Each draws the noise that a run starts from: 7 for one run, 0-3 or 0, 4, 9 for several, one after the other</source>
<translation type="unfinished" />
</message>
<message>
<source>Each latent coordinate as a square.</source>
<translation type="unfinished" />
</message>
<message>
<source>Edit</source>
<translation type="unfinished" />
</message>
<message>
<source>Edit &amp;prompt</source>
<translation type="unfinished" />
</message>
<message>
<source>Ellipse</source>
<translation type="unfinished" />
</message>
<message>
<source>Empty the active mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Equal steps of value, equal steps of colour.</source>
<translation type="unfinished" />
</message>
<message>
<source>Equal to {name}</source>
<translation type="unfinished" />
</message>
<message>
<source>Erase area</source>
<translation type="unfinished" />
</message>
<message>
<source>Erase ellipse</source>
<translation type="unfinished" />
</message>
<message>
<source>Erase polygon</source>
<translation type="unfinished" />
</message>
<message>
<source>Erase rectangle</source>
<translation type="unfinished" />
</message>
<message>
<source>Erase superpixels</source>
<translation type="unfinished" />
</message>
<message>
<source>Erase with the wand</source>
<translation type="unfinished" />
</message>
<message>
<source>Eraser</source>
<translation type="unfinished" />
</message>
<message>
<source>Estimator</source>
<translation type="unfinished" />
</message>
<message>
<source>Every shown map is computed at this step.</source>
<translation type="unfinished" />
</message>
<message>
<source>Exact (small models)</source>
<translation type="unfinished" />
</message>
<message>
<source>Exact needs no probes</source>
<translation type="unfinished" />
</message>
<message>
<source>Exchange inside and outside</source>
<translation type="unfinished" />
</message>
<message>
<source>Expected time</source>
<translation type="unfinished" />
</message>
<message>
<source>Export</source>
<translation type="unfinished" />
</message>
<message>
<source>Export again</source>
<translation type="unfinished" />
</message>
<message>
<source>Export all masks as COCO</source>
<translation type="unfinished" />
</message>
<message>
<source>Export all masks as labelme</source>
<translation type="unfinished" />
</message>
<message>
<source>Export mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Export …</source>
<translation type="unfinished" />
</message>
<message>
<source>Exported {name}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Exported {n} files to {path}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Exported {n} files: {names}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Exported {path}.</source>
<translation type="unfinished" />
</message>
<message>
<source>F&amp;orward five steps</source>
<translation type="unfinished" />
</message>
<message>
<source>Family</source>
<translation type="unfinished" />
</message>
<message>
<source>Fetch the model from the hub</source>
<translation type="unfinished" />
</message>
<message>
<source>Fi&amp;les</source>
<translation type="unfinished" />
</message>
<message>
<source>Figure</source>
<translation type="unfinished" />
</message>
<message>
<source>File of weights</source>
<translation type="unfinished" />
</message>
<message>
<source>File …</source>
<translation type="unfinished" />
</message>
<message>
<source>File: {name}</source>
<translation type="unfinished" />
</message>
<message>
<source>Fill</source>
<translation type="unfinished" />
</message>
<message>
<source>Fill masks with their colours, or draw outlines alone</source>
<translation type="unfinished" />
</message>
<message>
<source>Fill the predicted mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Fill the predicted mask, beside its outline.</source>
<translation type="unfinished" />
</message>
<message>
<source>Find</source>
<translation type="unfinished" />
</message>
<message>
<source>Find: from a pair of renderings …</source>
<translation type="unfinished" />
</message>
<message>
<source>Find: from a training picture …</source>
<translation type="unfinished" />
</message>
<message>
<source>Find: from several seeds …</source>
<translation type="unfinished" />
</message>
<message>
<source>Find: map above a threshold</source>
<translation type="unfinished" />
</message>
<message>
<source>First step (Home)</source>
<translation type="unfinished" />
</message>
<message>
<source>Fit</source>
<translation type="unfinished" />
</message>
<message>
<source>Fitting</source>
<translation type="unfinished" />
</message>
<message>
<source>Five steps on</source>
<translation type="unfinished" />
</message>
<message>
<source>Five steps towards noise</source>
<translation type="unfinished" />
</message>
<message>
<source>Fold {0} away.</source>
<translation type="unfinished" />
</message>
<message>
<source>Folder</source>
<translation type="unfinished" />
</message>
<message>
<source>Folder for all masks: files that are there stay</source>
<translation type="unfinished" />
</message>
<message>
<source>Folder or hub id</source>
<translation type="unfinished" />
</message>
<message>
<source>Folder …</source>
<translation type="unfinished" />
</message>
<message>
<source>Folder, file or hub id</source>
<translation type="unfinished" />
</message>
<message>
<source>Follow the system's colours</source>
<translation type="unfinished" />
</message>
<message>
<source>For NumPy</source>
<translation type="unfinished" />
</message>
<message>
<source>For a script</source>
<translation type="unfinished" />
</message>
<message>
<source>For a spreadsheet</source>
<translation type="unfinished" />
</message>
<message>
<source>For print and LaTeX</source>
<translation type="unfinished" />
</message>
<message>
<source>For the web and drawing programs</source>
<translation type="unfinished" />
</message>
<message>
<source>Format</source>
<translation type="unfinished" />
</message>
<message>
<source>Forward to &amp;next run</source>
<translation type="unfinished" />
</message>
<message>
<source>Found</source>
<translation type="unfinished" />
</message>
<message>
<source>Free</source>
<translation type="unfinished" />
</message>
<message>
<source>Free dimensions</source>
<translation type="unfinished" />
</message>
<message>
<source>From each map's least value to its 99th percentile, as in the paper's figures. Panels and steps cannot be compared then.</source>
<translation type="unfinished" />
</message>
<message>
<source>Give the active mask another name</source>
<translation type="unfinished" />
</message>
<message>
<source>Give the open shape up; without one, Esc cancels what runs</source>
<translation type="unfinished" />
</message>
<message>
<source>Give the search up.</source>
<translation type="unfinished" />
</message>
<message>
<source>Give the shown run a name</source>
<translation type="unfinished" />
</message>
<message>
<source>Give up the range</source>
<translation type="unfinished" />
</message>
<message>
<source>Give up the range: play all steps (Shift+double-click).</source>
<translation type="unfinished" />
</message>
<message>
<source>Go around an area with the button down</source>
<translation type="unfinished" />
</message>
<message>
<source>Go to the prompt</source>
<translation type="unfinished" />
</message>
<message>
<source>Green: above the chosen threshold, or that of best IoU</source>
<translation type="unfinished" />
</message>
<message>
<source>Grow</source>
<translation type="unfinished" />
</message>
<message>
<source>Grow the active mask by a pixel</source>
<translation type="unfinished" />
</message>
<message>
<source>Guidance</source>
<translation type="unfinished" />
</message>
<message>
<source>Guidance cosine on pure noise</source>
<translation type="unfinished" />
</message>
<message>
<source>Guidance cosine per pixel</source>
<translation type="unfinished" />
</message>
<message>
<source>Guidance scale</source>
<translation type="unfinished" />
</message>
<message>
<source>Histogram of the active panel's map</source>
<translation type="unfinished" />
</message>
<message>
<source>How curvature is estimated</source>
<translation type="unfinished" />
</message>
<message>
<source>How far colours may be from the one touched, in levels: drag the wand, or [ ].</source>
<translation type="unfinished" />
</message>
<message>
<source>How fast the steps follow each other</source>
<translation type="unfinished" />
</message>
<message>
<source>How many steps are played in a second.</source>
<translation type="unfinished" />
</message>
<message>
<source>How much is taken for the mask.</source>
<translation type="unfinished" />
</message>
<message>
<source>How often a pixel inside the mask has a higher value than one outside: 1 always, .5 by chance. Needs no threshold.</source>
<translation type="unfinished" />
</message>
<message>
<source>How often each value occurs in the active panel's map (square-root scale). Drag the ends of the colormap, or the threshold: Left and Right move it too. A double click takes dragged ends back.</source>
<translation type="unfinished" />
</message>
<message>
<source>How opaque masks are filled with their colours.</source>
<translation type="unfinished" />
</message>
<message>
<source>Hutchinson</source>
<translation type="unfinished" />
</message>
<message>
<source>Import mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Import resized</source>
<translation type="unfinished" />
</message>
<message>
<source>Import the refused mask, resized (nearest)</source>
<translation type="unfinished" />
</message>
<message>
<source>Imported {name}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Inspect</source>
<translation type="unfinished" />
</message>
<message>
<source>Intersection over union at the threshold chosen below.</source>
<translation type="unfinished" />
</message>
<message>
<source>Intersection over union of mask and predicted mask, at the threshold that is best for this map: it was chosen with the mask in hand, so it flatters. Compare it with the IoU of the whole picture in the last row.</source>
<translation type="unfinished" />
</message>
<message>
<source>Invert</source>
<translation type="unfinished" />
</message>
<message>
<source>IoU</source>
<translation type="unfinished" />
</message>
<message>
<source>IoU &gt;</source>
<translation type="unfinished" />
</message>
<message>
<source>IoU at each map's best threshold, chosen with this mask in hand.</source>
<translation type="unfinished" />
</message>
<message>
<source>IoU at the chosen threshold</source>
<translation type="unfinished" />
</message>
<message>
<source>IoU of the predicted mask at every threshold.</source>
<translation type="unfinished" />
</message>
<message>
<source>It fits {name}.</source>
<translation type="unfinished" />
</message>
<message>
<source>It is known to be true: it does not vote</source>
<translation type="unfinished" />
</message>
<message>
<source>It is read-only here; save it under another name to keep changes.</source>
<translation type="unfinished" />
</message>
<message>
<source>It may be fetched from the hub</source>
<translation type="unfinished" />
</message>
<message>
<source>It was found in a map, or by a training picture</source>
<translation type="unfinished" />
</message>
<message>
<source>It was read from a file</source>
<translation type="unfinished" />
</message>
<message>
<source>JSON (*.json)</source>
<translation type="unfinished" />
</message>
<message>
<source>Keep largest region</source>
<translation type="unfinished" />
</message>
<message>
<source>Keyboard shortcuts</source>
<translation type="unfinished" />
</message>
<message>
<source>Kind</source>
<translation type="unfinished" />
</message>
<message>
<source>L&amp;asso</source>
<translation type="unfinished" />
</message>
<message>
<source>L&amp;ock</source>
<translation type="unfinished" />
</message>
<message>
<source>Larger brush</source>
<translation type="unfinished" />
</message>
<message>
<source>Largest influence of one token</source>
<translation type="unfinished" />
</message>
<message>
<source>Largest region only</source>
<translation type="unfinished" />
</message>
<message>
<source>Last step (End)</source>
<translation type="unfinished" />
</message>
<message>
<source>Latent</source>
<translation type="unfinished" />
</message>
<message>
<source>Length of the guidance on pure noise</source>
<translation type="unfinished" />
</message>
<message>
<source>Length of the noise difference</source>
<translation type="unfinished" />
</message>
<message>
<source>Length of the prompt</source>
<translation type="unfinished" />
</message>
<message>
<source>Length of the sampling schedule</source>
<translation type="unfinished" />
</message>
<message>
<source>Less than a second with these settings</source>
<translation type="unfinished" />
</message>
<message>
<source>Less-trained baseline</source>
<translation type="unfinished" />
</message>
<message>
<source>Less-trained baseline: {name}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Let nothing change the selected masks, or let them be changed again</source>
<translation type="unfinished" />
</message>
<message>
<source>Levels</source>
<translation type="unfinished" />
</message>
<message>
<source>Light colours</source>
<translation type="unfinished" />
</message>
<message>
<source>Light, dark, or as the system</source>
<translation type="unfinished" />
</message>
<message>
<source>Linear</source>
<translation type="unfinished" />
</message>
<message>
<source>Local intrinsic dimension</source>
<translation type="unfinished" />
</message>
<message>
<source>Lock mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Locked: nothing changes it.</source>
<translation type="unfinished" />
</message>
<message>
<source>Log</source>
<translation type="unfinished" />
</message>
<message>
<source>Look for the active panel's map above a threshold</source>
<translation type="unfinished" />
</message>
<message>
<source>Look for what hardly varies between pictures of this prompt</source>
<translation type="unfinished" />
</message>
<message>
<source>Look for what two renderings share: choose two pictures, or one to go with this run's</source>
<translation type="unfinished" />
</message>
<message>
<source>Look for where the picture equals a training picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Looking …</source>
<translation type="unfinished" />
</message>
<message>
<source>Loop</source>
<translation type="unfinished" />
</message>
<message>
<source>Machine</source>
<translation type="unfinished" />
</message>
<message>
<source>Magic &amp;wand</source>
<translation type="unfinished" />
</message>
<message>
<source>Magic wand</source>
<translation type="unfinished" />
</message>
<message>
<source>Majority</source>
<translation type="unfinished" />
</message>
<message>
<source>Make no consensus.</source>
<translation type="unfinished" />
</message>
<message>
<source>Make panel 1 the active one</source>
<translation type="unfinished" />
</message>
<message>
<source>Make panel 2 the active one</source>
<translation type="unfinished" />
</message>
<message>
<source>Make panel 3 the active one</source>
<translation type="unfinished" />
</message>
<message>
<source>Make panel 4 the active one</source>
<translation type="unfinished" />
</message>
<message>
<source>Make panel 5 the active one</source>
<translation type="unfinished" />
</message>
<message>
<source>Make panel 6 the active one</source>
<translation type="unfinished" />
</message>
<message>
<source>Make the brush larger (or Alt+wheel); of the wand, the tolerance</source>
<translation type="unfinished" />
</message>
<message>
<source>Make the brush smaller (or Alt+wheel); of the wand, the tolerance</source>
<translation type="unfinished" />
</message>
<message>
<source>Make the change again that was taken back</source>
<translation type="unfinished" />
</message>
<message>
<source>Maps</source>
<translation type="unfinished" />
</message>
<message>
<source>Maps are compared with this mask already.</source>
<translation type="unfinished" />
</message>
<message>
<source>Maps compared with</source>
<translation type="unfinished" />
</message>
<message>
<source>Mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Mask A</source>
<translation type="unfinished" />
</message>
<message>
<source>Mask B</source>
<translation type="unfinished" />
</message>
<message>
<source>Mask comparison</source>
<translation type="unfinished" />
</message>
<message>
<source>Mask edits are not kept safe now: {reason}. Save the session soon.</source>
<translation type="unfinished" />
</message>
<message>
<source>Mask {n}</source>
<translation type="unfinished" />
</message>
<message>
<source>Masks</source>
<translation type="unfinished" />
</message>
<message>
<source>Masks ({0} *.npy *.json)</source>
<translation type="unfinished" />
</message>
<message>
<source>Masks edited since they were saved: {n}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean of bright Ending attention</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean of bright Ending over all end-of-text positions</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean of curvature</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean of curvature difference to less-trained</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean of curvature difference to unconditional</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean of guidance cosine per pixel</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean of score difference to less-trained</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean of score difference to unconditional</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean over a square of latent coordinates, for maps and their numbers.</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean over steps of ‖ε̂_c − ε̂_∅‖₂, and its value at every step.</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean over the map's coordinates, in canonical units.</source>
<translation type="unfinished" />
</message>
<message>
<source>Mean {0}–{1}</source>
<translation type="unfinished" />
</message>
<message>
<source>Memory in use</source>
<translation type="unfinished" />
</message>
<message>
<source>Memory was short: this run is being read from the disk.</source>
<translation type="unfinished" />
</message>
<message>
<source>Message</source>
<translation type="unfinished" />
</message>
<message>
<source>Method shown</source>
<translation type="unfinished" />
</message>
<message>
<source>Method shown: {0}</source>
<translation type="unfinished" />
</message>
<message>
<source>Methods against the mask; press a head to sort</source>
<translation type="unfinished" />
</message>
<message>
<source>Model</source>
<translation type="unfinished" />
</message>
<message>
<source>Model folder</source>
<translation type="unfinished" />
</message>
<message>
<source>Models</source>
<translation type="unfinished" />
</message>
<message>
<source>More than half of them hold it.</source>
<translation type="unfinished" />
</message>
<message>
<source>NVIDIA GPU</source>
<translation type="unfinished" />
</message>
<message>
<source>Name</source>
<translation type="unfinished" />
</message>
<message>
<source>Name of the shown run (empty: its seed)</source>
<translation type="unfinished" />
</message>
<message>
<source>Name something that can be opened</source>
<translation type="unfinished" />
</message>
<message>
<source>Nearest</source>
<translation type="unfinished" />
</message>
<message>
<source>Needs a less-trained baseline: choose one in Setup.</source>
<translation type="unfinished" />
</message>
<message>
<source>Network calls made of those expected</source>
<translation type="unfinished" />
</message>
<message>
<source>Network calls that the map took beyond sampling.</source>
<translation type="unfinished" />
</message>
<message>
<source>Never let go of the shown run when memory is short</source>
<translation type="unfinished" />
</message>
<message>
<source>Never saved: {n}.</source>
<translation type="unfinished" />
</message>
<message>
<source>New mask</source>
<translation type="unfinished" />
</message>
<message>
<source>No IoU is known for this panel.</source>
<translation type="unfinished" />
</message>
<message>
<source>No map is computed at this step.</source>
<translation type="unfinished" />
</message>
<message>
<source>No mask is active.</source>
<translation type="unfinished" />
</message>
<message>
<source>No mask is bundled for this prompt.</source>
<translation type="unfinished" />
</message>
<message>
<source>No mask is known for this prompt.</source>
<translation type="unfinished" />
</message>
<message>
<source>No mask: draw or load one to measure how well each method finds it.</source>
<translation type="unfinished" />
</message>
<message>
<source>No mask: only means are known.</source>
<translation type="unfinished" />
</message>
<message>
<source>No model is open</source>
<translation type="unfinished" />
</message>
<message>
<source>No predicted mask is drawn: tick it first.</source>
<translation type="unfinished" />
</message>
<message>
<source>No run waits.</source>
<translation type="unfinished" />
</message>
<message>
<source>No run was renamed, pinned or deleted.</source>
<translation type="unfinished" />
</message>
<message>
<source>No shape is open.</source>
<translation type="unfinished" />
</message>
<message>
<source>Noise drawn as on</source>
<translation type="unfinished" />
</message>
<message>
<source>Noise from a file is the same for every seed: give one seed.</source>
<translation type="unfinished" />
</message>
<message>
<source>Noise that the run starts from</source>
<translation type="unfinished" />
</message>
<message>
<source>Not computed at this step.</source>
<translation type="unfinished" />
</message>
<message>
<source>Not locked.</source>
<translation type="unfinished" />
</message>
<message>
<source>Not only step {step}: {all} maps instead of {here}</source>
<translation type="unfinished" />
</message>
<message>
<source>Not saved yet</source>
<translation type="unfinished" />
</message>
<message>
<source>Nothing is running.</source>
<translation type="unfinished" />
</message>
<message>
<source>Nothing unsaved was left behind.</source>
<translation type="unfinished" />
</message>
<message>
<source>Nothing was sampled yet.</source>
<translation type="unfinished" />
</message>
<message>
<source>Nothing was sampled yet: run a prompt or open a session.</source>
<translation type="unfinished" />
</message>
<message>
<source>Nothing yet</source>
<translation type="unfinished" />
</message>
<message>
<source>Notice</source>
<translation type="unfinished" />
</message>
<message>
<source>Numbers (*.csv)</source>
<translation type="unfinished" />
</message>
<message>
<source>Numbers (*.npy)</source>
<translation type="unfinished" />
</message>
<message>
<source>Of another model: {name}</source>
<translation type="unfinished" />
</message>
<message>
<source>Of every frame</source>
<translation type="unfinished" />
</message>
<message>
<source>Of weights and curvature; another one loads the model again</source>
<translation type="unfinished" />
</message>
<message>
<source>Off</source>
<translation type="unfinished" />
</message>
<message>
<source>On the disk: read again when it is shown</source>
<translation type="unfinished" />
</message>
<message>
<source>Once</source>
<translation type="unfinished" />
</message>
<message>
<source>One</source>
<translation type="unfinished" />
</message>
<message>
<source>One HTML page about this run</source>
<translation type="unfinished" />
</message>
<message>
<source>One file per map, and an index with the provenance of each.</source>
<translation type="unfinished" />
</message>
<message>
<source>One float32 file per map</source>
<translation type="unfinished" />
</message>
<message>
<source>One is being sampled: Save keeps it as far as it has come.</source>
<translation type="unfinished" />
</message>
<message>
<source>One line over the panels</source>
<translation type="unfinished" />
</message>
<message>
<source>One of the two masks that are compared.</source>
<translation type="unfinished" />
</message>
<message>
<source>One or two renderings of the template</source>
<translation type="unfinished" />
</message>
<message>
<source>One probe at a time</source>
<translation type="unfinished" />
</message>
<message>
<source>One scale for all panels and steps.</source>
<translation type="unfinished" />
</message>
<message>
<source>One step back (Left)</source>
<translation type="unfinished" />
</message>
<message>
<source>One step on (Right)</source>
<translation type="unfinished" />
</message>
<message>
<source>One step towards noise</source>
<translation type="unfinished" />
</message>
<message>
<source>One step towards the picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Only a hub id, owner/name, can be downloaded</source>
<translation type="unfinished" />
</message>
<message>
<source>Opacity</source>
<translation type="unfinished" />
</message>
<message>
<source>Opacity of the map over the picture.</source>
<translation type="unfinished" />
</message>
<message>
<source>Open &amp;baseline …</source>
<translation type="unfinished" />
</message>
<message>
<source>Open &amp;demo model</source>
<translation type="unfinished" />
</message>
<message>
<source>Open &amp;model …</source>
<translation type="unfinished" />
</message>
<message>
<source>Open &amp;recent</source>
<translation type="unfinished" />
</message>
<message>
<source>Open &amp;session …</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a .safetensors file …</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a checkpoint's folder …</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a folder, a hub id or the demo model</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a less-trained checkpoint of the same architecture</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a less-trained checkpoint: a folder, a .safetensors file or a hub id</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a model</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a model first.</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a model to begin.</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a model's folder in diffusers' layout</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a saved inspection</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a saved session beside the runs that are there</source>
<translation type="unfinished" />
</message>
<message>
<source>Open a training picture first, or drop one here.</source>
<translation type="unfinished" />
</message>
<message>
<source>Open another model (Ctrl+M)</source>
<translation type="unfinished" />
</message>
<message>
<source>Open baseline</source>
<translation type="unfinished" />
</message>
<message>
<source>Open by hub id …</source>
<translation type="unfinished" />
</message>
<message>
<source>Open model</source>
<translation type="unfinished" />
</message>
<message>
<source>Open model folder</source>
<translation type="unfinished" />
</message>
<message>
<source>Open recent</source>
<translation type="unfinished" />
</message>
<message>
<source>Open session</source>
<translation type="unfinished" />
</message>
<message>
<source>Open the bundled model that memorizes</source>
<translation type="unfinished" />
</message>
<message>
<source>Open the folder of the last export</source>
<translation type="unfinished" />
</message>
<message>
<source>Open the model that the shown run belongs to</source>
<translation type="unfinished" />
</message>
<message>
<source>Open the runs and masks that were not saved when memlens ended</source>
<translation type="unfinished" />
</message>
<message>
<source>Open the training picture that runs are compared with</source>
<translation type="unfinished" />
</message>
<message>
<source>Open training &amp;picture …</source>
<translation type="unfinished" />
</message>
<message>
<source>Open training picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Opening {name} …</source>
<translation type="unfinished" />
</message>
<message>
<source>Opens everywhere; 256 colours</source>
<translation type="unfinished" />
</message>
<message>
<source>Outline of the mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Outline of the predicted mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Outline the mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Outline where each map is above one threshold, the same for all panels.</source>
<translation type="unfinished" />
</message>
<message>
<source>Overview</source>
<translation type="unfinished" />
</message>
<message>
<source>P</source>
<translation type="unfinished" />
</message>
<message>
<source>P&amp;in run</source>
<translation type="unfinished" />
</message>
<message>
<source>P&amp;lay</source>
<translation type="unfinished" />
</message>
<message>
<source>PNG (*.png);;NumPy (*.npy);;COCO RLE (*.json)</source>
<translation type="unfinished" />
</message>
<message>
<source>PR</source>
<translation type="unfinished" />
</message>
<message>
<source>Paint the mask away</source>
<translation type="unfinished" />
</message>
<message>
<source>Paint; Shift draws straight from the last point</source>
<translation type="unfinished" />
</message>
<message>
<source>Panel &amp;1</source>
<translation type="unfinished" />
</message>
<message>
<source>Panel &amp;2</source>
<translation type="unfinished" />
</message>
<message>
<source>Panel &amp;3</source>
<translation type="unfinished" />
</message>
<message>
<source>Panel &amp;4</source>
<translation type="unfinished" />
</message>
<message>
<source>Panel &amp;5</source>
<translation type="unfinished" />
</message>
<message>
<source>Panel &amp;6</source>
<translation type="unfinished" />
</message>
<message>
<source>Panel {0}. Drag onto another panel to swap them.</source>
<translation type="unfinished" />
</message>
<message>
<source>Panel {0}: {1}</source>
<translation type="unfinished" />
</message>
<message>
<source>Panels</source>
<translation type="unfinished" />
</message>
<message>
<source>Panels over the steps</source>
<translation type="unfinished" />
</message>
<message>
<source>Panels with colour bars, for print</source>
<translation type="unfinished" />
</message>
<message>
<source>Paper figure 1</source>
<translation type="unfinished" />
</message>
<message>
<source>Paper's</source>
<translation type="unfinished" />
</message>
<message>
<source>Paper's units</source>
<translation type="unfinished" />
</message>
<message>
<source>Pause (P)</source>
<translation type="unfinished" />
</message>
<message>
<source>Perceptual colormaps first; grey is the paper's look.</source>
<translation type="unfinished" />
</message>
<message>
<source>Picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Picture (*.png)</source>
<translation type="unfinished" />
</message>
<message>
<source>Picture under the maps</source>
<translation type="unfinished" />
</message>
<message>
<source>Picture, maps at step {step}, agreement, readings and provenance on one page that opens anywhere.</source>
<translation type="unfinished" />
</message>
<message>
<source>Pictures ({0})</source>
<translation type="unfinished" />
</message>
<message>
<source>Pictures ({patterns})</source>
<translation type="unfinished" />
</message>
<message>
<source>Pictures of the bundled model: Twemoji (CC-BY 4.0) and photographs that ship with scikit-image. Under the MIT licence.</source>
<translation type="unfinished" />
</message>
<message>
<source>Pictures of the same prompt from other seeds</source>
<translation type="unfinished" />
</message>
<message>
<source>Pin</source>
<translation type="unfinished" />
</message>
<message>
<source>Pin: compare maps with this mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Ping-pong</source>
<translation type="unfinished" />
</message>
<message>
<source>Pinned {title}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Pinned: maps are compared with this mask.</source>
<translation type="unfinished" />
</message>
<message>
<source>Pinned: never let go of when memory is short</source>
<translation type="unfinished" />
</message>
<message>
<source>Pixels</source>
<translation type="unfinished" />
</message>
<message>
<source>Pixels inside A alone.</source>
<translation type="unfinished" />
</message>
<message>
<source>Pixels inside B alone.</source>
<translation type="unfinished" />
</message>
<message>
<source>Pixels inside both.</source>
<translation type="unfinished" />
</message>
<message>
<source>Play (P)</source>
<translation type="unfinished" />
</message>
<message>
<source>Play through the steps, or stop</source>
<translation type="unfinished" />
</message>
<message>
<source>Polygon</source>
<translation type="unfinished" />
</message>
<message>
<source>Precision</source>
<translation type="unfinished" />
</message>
<message>
<source>Precision against recall at every threshold.</source>
<translation type="unfinished" />
</message>
<message>
<source>Precision against recall. {0}</source>
<translation type="unfinished" />
</message>
<message>
<source>Precision: the share of the predicted mask that is right, at the threshold chosen below, or at the best one while none is chosen.</source>
<translation type="unfinished" />
</message>
<message>
<source>Predicted mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Predicts</source>
<translation type="unfinished" />
</message>
<message>
<source>Preset</source>
<translation type="unfinished" />
</message>
<message>
<source>Press on a colour: what is like it is added; drag right for more, left for less</source>
<translation type="unfinished" />
</message>
<message>
<source>Preview of the figure</source>
<translation type="unfinished" />
</message>
<message>
<source>Probes</source>
<translation type="unfinished" />
</message>
<message>
<source>Probing (colour classes)</source>
<translation type="unfinished" />
</message>
<message>
<source>Progress</source>
<translation type="unfinished" />
</message>
<message>
<source>Prompt</source>
<translation type="unfinished" />
</message>
<message>
<source>Prompt and seed above</source>
<translation type="unfinished" />
</message>
<message>
<source>Queued, number {n}: Delete takes it out of the queue</source>
<translation type="unfinished" />
</message>
<message>
<source>Queued; waiting: {n}.</source>
<translation type="unfinished" />
</message>
<message>
<source>R</source>
<translation type="unfinished" />
</message>
<message>
<source>ROC</source>
<translation type="unfinished" />
</message>
<message>
<source>Random ±1 vectors per curvature map; more means a smaller error</source>
<translation type="unfinished" />
</message>
<message>
<source>Rate</source>
<translation type="unfinished" />
</message>
<message>
<source>Re&amp;name run …</source>
<translation type="unfinished" />
</message>
<message>
<source>Re&amp;open the model of this run</source>
<translation type="unfinished" />
</message>
<message>
<source>Read a mask: PNG, NPY, COCO RLE or labelme JSON</source>
<translation type="unfinished" />
</message>
<message>
<source>Readings</source>
<translation type="unfinished" />
</message>
<message>
<source>Rec&amp;tangle</source>
<translation type="unfinished" />
</message>
<message>
<source>Recall: the share of the mask that is found, at the threshold chosen below, or at the best one while none is chosen.</source>
<translation type="unfinished" />
</message>
<message>
<source>Recent models</source>
<translation type="unfinished" />
</message>
<message>
<source>Recovered: masks of {title}, edited but not saved ({time}).</source>
<translation type="unfinished" />
</message>
<message>
<source>Recovered: {n} runs that were never saved ({time}).</source>
<translation type="unfinished" />
</message>
<message>
<source>Recovered: {title}, a run that was never saved ({time}).</source>
<translation type="unfinished" />
</message>
<message>
<source>Rectangle</source>
<translation type="unfinished" />
</message>
<message>
<source>Redo</source>
<translation type="unfinished" />
</message>
<message>
<source>Remove</source>
<translation type="unfinished" />
</message>
<message>
<source>Remove mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Remove the selected masks</source>
<translation type="unfinished" />
</message>
<message>
<source>Rena&amp;me mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Rename mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Rename run</source>
<translation type="unfinished" />
</message>
<message>
<source>Reopen {name}</source>
<translation type="unfinished" />
</message>
<message>
<source>Repeat</source>
<translation type="unfinished" />
</message>
<message>
<source>Replace mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Report</source>
<translation type="unfinished" />
</message>
<message>
<source>Resize (nearest)</source>
<translation type="unfinished" />
</message>
<message>
<source>Resolution</source>
<translation type="unfinished" />
</message>
<message>
<source>Restore</source>
<translation type="unfinished" />
</message>
<message>
<source>Retry with download</source>
<translation type="unfinished" />
</message>
<message>
<source>Retry with smaller batches</source>
<translation type="unfinished" />
</message>
<message>
<source>Round the active mask's edge</source>
<translation type="unfinished" />
</message>
<message>
<source>Rule</source>
<translation type="unfinished" />
</message>
<message>
<source>Run</source>
<translation type="unfinished" />
</message>
<message>
<source>Run a prompt first.</source>
<translation type="unfinished" />
</message>
<message>
<source>Run a prompt first: masks are drawn on its picture.</source>
<translation type="unfinished" />
</message>
<message>
<source>Run again</source>
<translation type="unfinished" />
</message>
<message>
<source>Run with seed {seed}: {prompt}</source>
<translation type="unfinished" />
</message>
<message>
<source>Runs of this window</source>
<translation type="unfinished" />
</message>
<message>
<source>Runs of this window, oldest first. Over {gib} GiB in all the oldest are left on the disk and read again when they are shown, but never a pinned one.</source>
<translation type="unfinished" />
</message>
<message>
<source>Runs on</source>
<translation type="unfinished" />
</message>
<message>
<source>Runs were renamed, pinned, added or deleted.</source>
<translation type="unfinished" />
</message>
<message>
<source>S&amp;mooth</source>
<translation type="unfinished" />
</message>
<message>
<source>Sample the prompt and localize</source>
<translation type="unfinished" />
</message>
<message>
<source>Sample the prompt and localize what is memorized</source>
<translation type="unfinished" />
</message>
<message>
<source>Sampled in {seconds:.1f} s.</source>
<translation type="unfinished" />
</message>
<message>
<source>Sampling</source>
<translation type="unfinished" />
</message>
<message>
<source>Sampling …</source>
<translation type="unfinished" />
</message>
<message>
<source>Save</source>
<translation type="unfinished" />
</message>
<message>
<source>Save all runs in another file</source>
<translation type="unfinished" />
</message>
<message>
<source>Save all runs with their maps and masks</source>
<translation type="unfinished" />
</message>
<message>
<source>Save as …</source>
<translation type="unfinished" />
</message>
<message>
<source>Save drawing</source>
<translation type="unfinished" />
</message>
<message>
<source>Save elsewhere</source>
<translation type="unfinished" />
</message>
<message>
<source>Save numbers</source>
<translation type="unfinished" />
</message>
<message>
<source>Save picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Save plot</source>
<translation type="unfinished" />
</message>
<message>
<source>Save session</source>
<translation type="unfinished" />
</message>
<message>
<source>Save session &amp;as …</source>
<translation type="unfinished" />
</message>
<message>
<source>Save {what} before another session opens?</source>
<translation type="unfinished" />
</message>
<message>
<source>Save {what} before closing?</source>
<translation type="unfinished" />
</message>
<message>
<source>Saved {name}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Scale</source>
<translation type="unfinished" />
</message>
<message>
<source>Scale and units</source>
<translation type="unfinished" />
</message>
<message>
<source>Score difference</source>
<translation type="unfinished" />
</message>
<message>
<source>Score difference to less-trained</source>
<translation type="unfinished" />
</message>
<message>
<source>Score difference to unconditional</source>
<translation type="unfinished" />
</message>
<message>
<source>Seconds that the map took.</source>
<translation type="unfinished" />
</message>
<message>
<source>See the picture under the maps while the key is held</source>
<translation type="unfinished" />
</message>
<message>
<source>Seed {seed}</source>
<translation type="unfinished" />
</message>
<message>
<source>Seeds</source>
<translation type="unfinished" />
</message>
<message>
<source>Seeds: type numbers such as 7, 0-3 or 0, 4, 9.</source>
<translation type="unfinished" />
</message>
<message>
<source>Seeds: {first}-{last} runs backwards.</source>
<translation type="unfinished" />
</message>
<message>
<source>Seeds: {n} is the largest.</source>
<translation type="unfinished" />
</message>
<message>
<source>Seeds: {n} runs at once are the most.</source>
<translation type="unfinished" />
</message>
<message>
<source>Select &amp;all masks</source>
<translation type="unfinished" />
</message>
<message>
<source>Select every mask of the list</source>
<translation type="unfinished" />
</message>
<message>
<source>Select two masks or more in the list first (Ctrl+click, Shift+arrows).</source>
<translation type="unfinished" />
</message>
<message>
<source>Select two masks or more in the list.</source>
<translation type="unfinished" />
</message>
<message>
<source>Session</source>
<translation type="unfinished" />
</message>
<message>
<source>Sessions</source>
<translation type="unfinished" />
</message>
<message>
<source>Sessions and models appear here once they were opened</source>
<translation type="unfinished" />
</message>
<message>
<source>Settings of the wrong type were ignored: {names}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Setup</source>
<translation type="unfinished" />
</message>
<message>
<source>Several annotators made it: it does not vote</source>
<translation type="unfinished" />
</message>
<message>
<source>Shapes</source>
<translation type="unfinished" />
</message>
<message>
<source>Shapes are added to the mask (X changes it).</source>
<translation type="unfinished" />
</message>
<message>
<source>Shapes are taken from the mask.</source>
<translation type="unfinished" />
</message>
<message>
<source>Share of the noise variance pinned: 0 nothing, 1 all. Comparable.</source>
<translation type="unfinished" />
</message>
<message>
<source>Shared area over the area of either.</source>
<translation type="unfinished" />
</message>
<message>
<source>Shared by {a} and {b}</source>
<translation type="unfinished" />
</message>
<message>
<source>Shared with {name}</source>
<translation type="unfinished" />
</message>
<message>
<source>Sharpness along the score difference</source>
<translation type="unfinished" />
</message>
<message>
<source>Show every shortcut</source>
<translation type="unfinished" />
</message>
<message>
<source>Show everything again</source>
<translation type="unfinished" />
</message>
<message>
<source>Show in folder</source>
<translation type="unfinished" />
</message>
<message>
<source>Show in the active panel where two masks agree</source>
<translation type="unfinished" />
</message>
<message>
<source>Show or hide the mask's outline</source>
<translation type="unfinished" />
</message>
<message>
<source>Show the active mask as large as it fits</source>
<translation type="unfinished" />
</message>
<message>
<source>Show the average of each map over the range; missing steps are computed.</source>
<translation type="unfinished" />
</message>
<message>
<source>Show the black and white picture beside the maps instead</source>
<translation type="unfinished" />
</message>
<message>
<source>Show the mean of the range</source>
<translation type="unfinished" />
</message>
<message>
<source>Show the run after</source>
<translation type="unfinished" />
</message>
<message>
<source>Show the run before</source>
<translation type="unfinished" />
</message>
<message>
<source>Show what happened in full</source>
<translation type="unfinished" />
</message>
<message>
<source>Show {0} panels.</source>
<translation type="unfinished" />
</message>
<message>
<source>Show {0}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Shows where in a generated picture a diffusion model reproduces its training data, by the method of Kim &amp; Lee (ICML 2026, arXiv 2605.26756).</source>
<translation type="unfinished" />
</message>
<message>
<source>Shrink</source>
<translation type="unfinished" />
</message>
<message>
<source>Shrink the active mask by a pixel</source>
<translation type="unfinished" />
</message>
<message>
<source>Side by side</source>
<translation type="unfinished" />
</message>
<message>
<source>Smaller brush</source>
<translation type="unfinished" />
</message>
<message>
<source>Smallest region</source>
<translation type="unfinished" />
</message>
<message>
<source>Smooth</source>
<translation type="unfinished" />
</message>
<message>
<source>Smoothing</source>
<translation type="unfinished" />
</message>
<message>
<source>So are edited masks of {title}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Somebody drew it here</source>
<translation type="unfinished" />
</message>
<message>
<source>Something unexpected went wrong: {what}</source>
<translation type="unfinished" />
</message>
<message>
<source>Sort by</source>
<translation type="unfinished" />
</message>
<message>
<source>Standard errors</source>
<translation type="unfinished" />
</message>
<message>
<source>Status</source>
<translation type="unfinished" />
</message>
<message>
<source>Step</source>
<translation type="unfinished" />
</message>
<message>
<source>Steps</source>
<translation type="unfinished" />
</message>
<message>
<source>Steps by their logSNR. Drag or click to choose a step, wheel or arrows to move by one; dots are steps whose maps are computed. Shift and drag for a range to play, Shift and double-click for all steps.</source>
<translation type="unfinished" />
</message>
<message>
<source>Stop what runs; what came so far stays</source>
<translation type="unfinished" />
</message>
<message>
<source>Stretched</source>
<translation type="unfinished" />
</message>
<message>
<source>Stretched to this map: the colours run from its least value to its 99th percentile, so they cannot be compared with another panel or step.</source>
<translation type="unfinished" />
</message>
<message>
<source>Superpixels</source>
<translation type="unfinished" />
</message>
<message>
<source>Tables</source>
<translation type="unfinished" />
</message>
<message>
<source>Take a corner away</source>
<translation type="unfinished" />
</message>
<message>
<source>Take a run out of the queue before it begins</source>
<translation type="unfinished" />
</message>
<message>
<source>Take another seed</source>
<translation type="unfinished" />
</message>
<message>
<source>Take back the last rename, pin or deletion of a run</source>
<translation type="unfinished" />
</message>
<message>
<source>Take the corner under the hand, or the last one, from the open polygon</source>
<translation type="unfinished" />
</message>
<message>
<source>Take the last change of the masks back</source>
<translation type="unfinished" />
</message>
<message>
<source>Take the mask that comes with the model for this prompt, and compare maps with it</source>
<translation type="unfinished" />
</message>
<message>
<source>Take the outlines of the selected masks away, or show them</source>
<translation type="unfinished" />
</message>
<message>
<source>Take the shown run out of the strip</source>
<translation type="unfinished" />
</message>
<message>
<source>Take what is bright in the training picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Template</source>
<translation type="unfinished" />
</message>
<message>
<source>The active panel and another in turn.</source>
<translation type="unfinished" />
</message>
<message>
<source>The active panel left of a line, another right of it; drag the line.</source>
<translation type="unfinished" />
</message>
<message>
<source>The active panel shows no map.</source>
<translation type="unfinished" />
</message>
<message>
<source>The active panel's map minus another's, on a diverging colormap.</source>
<translation type="unfinished" />
</message>
<message>
<source>The chosen mask is drawn; Ctrl or Shift select several. The mark shows its outline; F2 renames it; a right click shows all else.</source>
<translation type="unfinished" />
</message>
<message>
<source>The chosen panels at step {step}, in colours, units and levels of the screen.</source>
<translation type="unfinished" />
</message>
<message>
<source>The chosen panels over {n} computed steps.</source>
<translation type="unfinished" />
</message>
<message>
<source>The demo and the models opened last</source>
<translation type="unfinished" />
</message>
<message>
<source>The device ran out of memory.</source>
<translation type="unfinished" />
</message>
<message>
<source>The map's mean: high where much is pinned beyond the baseline.</source>
<translation type="unfinished" />
</message>
<message>
<source>The mask is empty.</source>
<translation type="unfinished" />
</message>
<message>
<source>The mask that maps are compared with, whichever is drawn: it is pinned.</source>
<translation type="unfinished" />
</message>
<message>
<source>The mask “{name}” is locked: unlock it first.</source>
<translation type="unfinished" />
</message>
<message>
<source>The method; press to sort by it.</source>
<translation type="unfinished" />
</message>
<message>
<source>The model is being opened.</source>
<translation type="unfinished" />
</message>
<message>
<source>The model of this run is open.</source>
<translation type="unfinished" />
</message>
<message>
<source>The model under inspection</source>
<translation type="unfinished" />
</message>
<message>
<source>The newest step</source>
<translation type="unfinished" />
</message>
<message>
<source>The one that did not fit</source>
<translation type="unfinished" />
</message>
<message>
<source>The picture is still being cut into superpixels.</source>
<translation type="unfinished" />
</message>
<message>
<source>The prompt is too long: it is cut off from “{cut}” on.</source>
<translation type="unfinished" />
</message>
<message>
<source>The prompt of the next run (Ctrl+L)</source>
<translation type="unfinished" />
</message>
<message>
<source>The run was cancelled before its first step was kept: run it again.</source>
<translation type="unfinished" />
</message>
<message>
<source>The same in {n} pictures</source>
<translation type="unfinished" />
</message>
<message>
<source>The settings in {path} cannot be read, defaults are used: {reason}</source>
<translation type="unfinished" />
</message>
<message>
<source>The shown methods at every threshold. The dot is the chosen threshold, or the one of best IoU while none is chosen; the dotted line is chance.</source>
<translation type="unfinished" />
</message>
<message>
<source>The step with most noise</source>
<translation type="unfinished" />
</message>
<message>
<source>The threshold of that IoU, in the units shown.</source>
<translation type="unfinished" />
</message>
<message>
<source>The underfitted model subtracted in Δh_θ̃ and Δs_θ̃; ∅ needs none</source>
<translation type="unfinished" />
</message>
<message>
<source>The whole picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Theme</source>
<translation type="unfinished" />
</message>
<message>
<source>Theme: &amp;dark</source>
<translation type="unfinished" />
</message>
<message>
<source>Theme: &amp;light</source>
<translation type="unfinished" />
</message>
<message>
<source>Theme: &amp;system</source>
<translation type="unfinished" />
</message>
<message>
<source>There are no superpixels: choose their tool again.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is no complete run to export.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is no complete run to save.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is no earlier run in this window.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is no later run in this window.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is no mask to export.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is no mask yet.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is no mask yet: draw with a tool, find one, or drop a file here.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is no run.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is no step at which all of these panels are computed.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is nothing to accept yet.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is nothing to redo.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is nothing to undo.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is one panel: show more (Display, Panels) to compare two.</source>
<translation type="unfinished" />
</message>
<message>
<source>There is one step only.</source>
<translation type="unfinished" />
</message>
<message>
<source>This is the first step.</source>
<translation type="unfinished" />
</message>
<message>
<source>This is the newest step.</source>
<translation type="unfinished" />
</message>
<message>
<source>This model's folder brings no early checkpoint.</source>
<translation type="unfinished" />
</message>
<message>
<source>This needs two masks.</source>
<translation type="unfinished" />
</message>
<message>
<source>This run is being sampled: cancel it first.</source>
<translation type="unfinished" />
</message>
<message>
<source>This run is of {own}; {open} is open. Its panels stay as they are, and nothing more is computed for it.</source>
<translation type="unfinished" />
</message>
<message>
<source>This run started from a file of noise: choose that file again, or CPU.</source>
<translation type="unfinished" />
</message>
<message>
<source>Threshold</source>
<translation type="unfinished" />
</message>
<message>
<source>Threshold of best IoU</source>
<translation type="unfinished" />
</message>
<message>
<source>Threshold of the predicted mask, over the values of the active panel's map.</source>
<translation type="unfinished" />
</message>
<message>
<source>Time left</source>
<translation type="unfinished" />
</message>
<message>
<source>Tint</source>
<translation type="unfinished" />
</message>
<message>
<source>Tint of masks</source>
<translation type="unfinished" />
</message>
<message>
<source>To be copied into a report</source>
<translation type="unfinished" />
</message>
<message>
<source>Toggle between both differences in the active panel</source>
<translation type="unfinished" />
</message>
<message>
<source>Tolerance</source>
<translation type="unfinished" />
</message>
<message>
<source>Tolerance of the magic wand</source>
<translation type="unfinished" />
</message>
<message>
<source>Toolbar</source>
<translation type="unfinished" />
</message>
<message>
<source>Training picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Training picture: {name}.</source>
<translation type="unfinished" />
</message>
<message>
<source>True positives found against false ones, at every threshold.</source>
<translation type="unfinished" />
</message>
<message>
<source>Try again</source>
<translation type="unfinished" />
</message>
<message>
<source>Try again, one probe at a time</source>
<translation type="unfinished" />
</message>
<message>
<source>Try the prompt: {prompt}</source>
<translation type="unfinished" />
</message>
<message>
<source>Twice the shared area over the sum of both.</source>
<translation type="unfinished" />
</message>
<message>
<source>Two methods</source>
<translation type="unfinished" />
</message>
<message>
<source>Type a prompt and press Run.</source>
<translation type="unfinished" />
</message>
<message>
<source>Type a prompt first.</source>
<translation type="unfinished" />
</message>
<message>
<source>Undo</source>
<translation type="unfinished" />
</message>
<message>
<source>Undone: {what}</source>
<translation type="unfinished" />
</message>
<message>
<source>Units</source>
<translation type="unfinished" />
</message>
<message>
<source>Unlock</source>
<translation type="unfinished" />
</message>
<message>
<source>Unlock mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Unsaved run</source>
<translation type="unfinished" />
</message>
<message>
<source>Up to six, drawn in this order; drag to change it</source>
<translation type="unfinished" />
</message>
<message>
<source>Use as mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Use as training picture</source>
<translation type="unfinished" />
</message>
<message>
<source>Use the bundled mask</source>
<translation type="unfinished" />
</message>
<message>
<source>Values</source>
<translation type="unfinished" />
</message>
<message>
<source>Values interpolated between coordinates.</source>
<translation type="unfinished" />
</message>
<message>
<source>Verbatim</source>
<translation type="unfinished" />
</message>
<message>
<source>Version and credits</source>
<translation type="unfinished" />
</message>
<message>
<source>Waiting to be sampled, and dropped: {n}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Waiting to be sampled: {n}.</source>
<translation type="unfinished" />
</message>
<message>
<source>Way on</source>
<translation type="unfinished" />
</message>
<message>
<source>Weight of the prompt</source>
<translation type="unfinished" />
</message>
<message>
<source>Weights</source>
<translation type="unfinished" />
</message>
<message>
<source>Weights (*.safetensors)</source>
<translation type="unfinished" />
</message>
<message>
<source>What can be done about it</source>
<translation type="unfinished" />
</message>
<message>
<source>What one annotator holds to be memorized</source>
<translation type="unfinished" />
</message>
<message>
<source>What playing does at the end of the steps.</source>
<translation type="unfinished" />
</message>
<message>
<source>What runs now</source>
<translation type="unfinished" />
</message>
<message>
<source>What the picture should show</source>
<translation type="unfinished" />
</message>
<message>
<source>What the selected masks are.</source>
<translation type="unfinished" />
</message>
<message>
<source>What to export</source>
<translation type="unfinished" />
</message>
<message>
<source>What was recognised</source>
<translation type="unfinished" />
</message>
<message>
<source>What will be written, drawn small</source>
<translation type="unfinished" />
</message>
<message>
<source>Where the ends of the histogram were dragged to, the same for all panels and steps. Absolute, or a double click on the histogram, takes it back.</source>
<translation type="unfinished" />
</message>
<message>
<source>Where the model of this run lies is not known.</source>
<translation type="unfinished" />
</message>
<message>
<source>Where the model runs; another one loads it again</source>
<translation type="unfinished" />
</message>
<message>
<source>Which generator turns the seed into noise. Seeds published with the official data sets mean an NVIDIA GPU, whose numbers are computed on any machine</source>
<translation type="unfinished" />
</message>
<message>
<source>White, in every panel</source>
<translation type="unfinished" />
</message>
<message>
<source>Whose masks vote. A ground truth and another consensus do not.</source>
<translation type="unfinished" />
</message>
<message>
<source>Width</source>
<translation type="unfinished" />
</message>
<message>
<source>Wipe</source>
<translation type="unfinished" />
</message>
<message>
<source>Write a COCO data set of all masks, and the picture that it names</source>
<translation type="unfinished" />
</message>
<message>
<source>Write a figure, a report, tables, maps or an animation</source>
<translation type="unfinished" />
</message>
<message>
<source>Write a labelme file of all masks, and the picture that it names</source>
<translation type="unfinished" />
</message>
<message>
<source>Write every mask into a folder, as a PNG named after it</source>
<translation type="unfinished" />
</message>
<message>
<source>Write the active mask: PNG, NPY or COCO RLE JSON</source>
<translation type="unfinished" />
</message>
<message>
<source>Zoom of all panels. Wheel zooms at the cursor, dragging moves; press here or double-click a picture to fit it (0).</source>
<translation type="unfinished" />
</message>
<message>
<source>Zoom: {0}. Press to fit.</source>
<translation type="unfinished" />
</message>
<message>
<source>agree</source>
<translation type="unfinished" />
</message>
<message>
<source>agreement</source>
<translation type="unfinished" />
</message>
<message>
<source>annotator</source>
<translation type="unfinished" />
</message>
<message>
<source>at</source>
<translation type="unfinished" />
</message>
<message>
<source>average of steps {first}–{last}</source>
<translation type="unfinished" />
</message>
<message>
<source>average precision</source>
<translation type="unfinished" />
</message>
<message>
<source>best IoU</source>
<translation type="unfinished" />
</message>
<message>
<source>best IoU {iou} at {at} with {mask}</source>
<translation type="unfinished" />
</message>
<message>
<source>both</source>
<translation type="unfinished" />
</message>
<message>
<source>bright ending attention</source>
<translation type="unfinished" />
</message>
<message>
<source>bright ending over all end-of-text positions</source>
<translation type="unfinished" />
</message>
<message>
<source>calls</source>
<translation type="unfinished" />
</message>
<message>
<source>canonical</source>
<translation type="unfinished" />
</message>
<message>
<source>canonical units</source>
<translation type="unfinished" />
</message>
<message>
<source>consensus</source>
<translation type="unfinished" />
</message>
<message>
<source>curvature</source>
<translation type="unfinished" />
</message>
<message>
<source>curvature difference to less-trained</source>
<translation type="unfinished" />
</message>
<message>
<source>curvature difference to unconditional</source>
<translation type="unfinished" />
</message>
<message>
<source>cutting the picture into superpixels</source>
<translation type="unfinished" />
</message>
<message>
<source>dimensions</source>
<translation type="unfinished" />
</message>
<message>
<source>drawing frames</source>
<translation type="unfinished" />
</message>
<message>
<source>drawing the report</source>
<translation type="unfinished" />
</message>
<message>
<source>drawn</source>
<translation type="unfinished" />
</message>
<message>
<source>exporting</source>
<translation type="unfinished" />
</message>
<message>
<source>false positive rate</source>
<translation type="unfinished" />
</message>
<message>
<source>false positives {x}: found {parts}</source>
<translation type="unfinished" />
</message>
<message>
<source>first step</source>
<translation type="unfinished" />
</message>
<message>
<source>float32 where it fits</source>
<translation type="unfinished" />
</message>
<message>
<source>float32, for ImageJ and others</source>
<translation type="unfinished" />
</message>
<message>
<source>found</source>
<translation type="unfinished" />
</message>
<message>
<source>free</source>
<translation type="unfinished" />
</message>
<message>
<source>free dimensions</source>
<translation type="unfinished" />
</message>
<message>
<source>ground truth</source>
<translation type="unfinished" />
</message>
<message>
<source>guidance cosine on pure noise</source>
<translation type="unfinished" />
</message>
<message>
<source>guidance cosine per pixel</source>
<translation type="unfinished" />
</message>
<message>
<source>imported</source>
<translation type="unfinished" />
</message>
<message>
<source>intersection</source>
<translation type="unfinished" />
</message>
<message>
<source>largest influence of one token</source>
<translation type="unfinished" />
</message>
<message>
<source>latent⁻³</source>
<translation type="unfinished" />
</message>
<message>
<source>length of the guidance on pure noise</source>
<translation type="unfinished" />
</message>
<message>
<source>length of the noise difference</source>
<translation type="unfinished" />
</message>
<message>
<source>loading baseline</source>
<translation type="unfinished" />
</message>
<message>
<source>loading checksums</source>
<translation type="unfinished" />
</message>
<message>
<source>loading decoder</source>
<translation type="unfinished" />
</message>
<message>
<source>loading denoiser</source>
<translation type="unfinished" />
</message>
<message>
<source>loading done</source>
<translation type="unfinished" />
</message>
<message>
<source>loading text encoder</source>
<translation type="unfinished" />
</message>
<message>
<source>local intrinsic dimension</source>
<translation type="unfinished" />
</message>
<message>
<source>majority</source>
<translation type="unfinished" />
</message>
<message>
<source>mask</source>
<translation type="unfinished" />
</message>
<message>
<source>mean</source>
<translation type="unfinished" />
</message>
<message>
<source>mean ({units})</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of all steps</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of all steps; here {value}</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of bright ending attention</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of bright ending over all end-of-text positions</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of curvature</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of curvature difference to less-trained</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of curvature difference to unconditional</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of guidance cosine per pixel</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of score difference to less-trained</source>
<translation type="unfinished" />
</message>
<message>
<source>mean of score difference to unconditional</source>
<translation type="unfinished" />
</message>
<message>
<source>mean {mean}</source>
<translation type="unfinished" />
</message>
<message>
<source>measured at</source>
<translation type="unfinished" />
</message>
<message>
<source>memlens sessions (*.memlens)</source>
<translation type="unfinished" />
</message>
<message>
<source>memlens sessions without trajectory, much smaller (*.memlens)</source>
<translation type="unfinished" />
</message>
<message>
<source>method</source>
<translation type="unfinished" />
</message>
<message>
<source>network calls beyond sampling</source>
<translation type="unfinished" />
</message>
<message>
<source>no message</source>
<translation type="unfinished" />
</message>
<message>
<source>no model is open: open one first.</source>
<translation type="unfinished" />
</message>
<message>
<source>no steps yet</source>
<translation type="unfinished" />
</message>
<message>
<source>of the range</source>
<translation type="unfinished" />
</message>
<message>
<source>one forward pass</source>
<translation type="unfinished" />
</message>
<message>
<source>one forward pass and one vector product</source>
<translation type="unfinished" />
</message>
<message>
<source>one forward pass and one vector product per probe</source>
<translation type="unfinished" />
</message>
<message>
<source>only A</source>
<translation type="unfinished" />
</message>
<message>
<source>only B</source>
<translation type="unfinished" />
</message>
<message>
<source>paper's units</source>
<translation type="unfinished" />
</message>
<message>
<source>precision</source>
<translation type="unfinished" />
</message>
<message>
<source>precision at {where}</source>
<translation type="unfinished" />
</message>
<message>
<source>recall</source>
<translation type="unfinished" />
</message>
<message>
<source>recall at {where}</source>
<translation type="unfinished" />
</message>
<message>
<source>recall {x}: precision {parts}</source>
<translation type="unfinished" />
</message>
<message>
<source>s</source>
<translation type="unfinished" />
</message>
<message>
<source>sampling</source>
<translation type="unfinished" />
</message>
<message>
<source>score difference to less-trained</source>
<translation type="unfinished" />
</message>
<message>
<source>score difference to unconditional</source>
<translation type="unfinished" />
</message>
<message>
<source>seed {seed}</source>
<translation type="unfinished" />
</message>
<message>
<source>share of attention</source>
<translation type="unfinished" />
</message>
<message>
<source>sharpness along the score difference</source>
<translation type="unfinished" />
</message>
<message>
<source>starting the engine</source>
<translation type="unfinished" />
</message>
<message>
<source>step</source>
<translation type="unfinished" />
</message>
<message>
<source>step {0} of {1}</source>
<translation type="unfinished" />
</message>
<message>
<source>step {step}</source>
<translation type="unfinished" />
</message>
<message>
<source>step {step}, σ {sigma:.4g}</source>
<translation type="unfinished" />
</message>
<message>
<source>steps {first}–{last}</source>
<translation type="unfinished" />
</message>
<message>
<source>stretched</source>
<translation type="unfinished" />
</message>
<message>
<source>stretched to this map</source>
<translation type="unfinished" />
</message>
<message>
<source>symbol</source>
<translation type="unfinished" />
</message>
<message>
<source>the best threshold</source>
<translation type="unfinished" />
</message>
<message>
<source>the changed list of runs</source>
<translation type="unfinished" />
</message>
<message>
<source>the chosen threshold</source>
<translation type="unfinished" />
</message>
<message>
<source>the fastest there is</source>
<translation type="unfinished" />
</message>
<message>
<source>the pictures are {theirs}, the run's is {ours}.</source>
<translation type="unfinished" />
</message>
<message>
<source>this run is not open any more: run the prompt again.</source>
<translation type="unfinished" />
</message>
<message>
<source>this step</source>
<translation type="unfinished" />
</message>
<message>
<source>three tenths into the schedule</source>
<translation type="unfinished" />
</message>
<message>
<source>threshold</source>
<translation type="unfinished" />
</message>
<message>
<source>threshold of the best IoU ({units})</source>
<translation type="unfinished" />
</message>
<message>
<source>threshold {x}: IoU {parts}</source>
<translation type="unfinished" />
</message>
<message>
<source>time (s)</source>
<translation type="unfinished" />
</message>
<message>
<source>true positive rate</source>
<translation type="unfinished" />
</message>
<message>
<source>under 1 s left</source>
<translation type="unfinished" />
</message>
<message>
<source>union</source>
<translation type="unfinished" />
</message>
<message>
<source>writing maps</source>
<translation type="unfinished" />
</message>
<message>
<source>{0:g} px</source>
<translation type="unfinished" />
</message>
<message>
<source>{0}
Click to show another method here.</source>
<translation type="unfinished" />
</message>
<message>
<source>{0} (paper's)</source>
<translation type="unfinished" />
</message>
<message>
<source>{0} /s</source>
<translation type="unfinished" />
</message>
<message>
<source>{0} a mask</source>
<translation type="unfinished" />
</message>
<message>
<source>{0}, pinned</source>
<translation type="unfinished" />
</message>
<message>
<source>{0}: precision {1}, recall {2}</source>
<translation type="unfinished" />
</message>
<message>
<source>{activity}, run {n} of {all}</source>
<translation type="unfinished" />
</message>
<message>
<source>{count:,} pixels, {share:.0%} of the picture</source>
<translation type="unfinished" />
</message>
<message>
<source>{device}, {dtype}; {calls} network calls, {seconds:.1f} s</source>
<translation type="unfinished" />
</message>
<message>
<source>{estimator}, {probes} probes, probe seed {seed}</source>
<translation type="unfinished" />
</message>
<message>
<source>{file} could not be written: {reason}.</source>
<translation type="unfinished" />
</message>
<message>
<source>{format} (*.{suffix})</source>
<translation type="unfinished" />
</message>
<message>
<source>{kept:g} is the least: {typed} was not taken.</source>
<translation type="unfinished" />
</message>
<message>
<source>{kept:g} is the most: {typed} was not taken.</source>
<translation type="unfinished" />
</message>
<message>
<source>{known} of {all} steps: {hint}</source>
<translation type="unfinished" />
</message>
<message>
<source>{model}, seed {seed}, {steps} steps, guidance {scale:g}</source>
<translation type="unfinished" />
</message>
<message>
<source>{name} (read-only)</source>
<translation type="unfinished" />
</message>
<message>
<source>{name} holds weights alone: they can be the baseline of an open model.</source>
<translation type="unfinished" />
</message>
<message>
<source>{name} is black and white. It is imported as a mask.</source>
<translation type="unfinished" />
</message>
<message>
<source>{name} is nearly black and white. It is shown as a training picture.</source>
<translation type="unfinished" />
</message>
<message>
<source>{name} is open.</source>
<translation type="unfinished" />
</message>
<message>
<source>{name} was left: one at a time.</source>
<translation type="unfinished" />
</message>
<message>
<source>{name} was not imported: another run was shown meanwhile. Import again.</source>
<translation type="unfinished" />
</message>
<message>
<source>{n} min left</source>
<translation type="unfinished" />
</message>
<message>
<source>{n} more were left behind.</source>
<translation type="unfinished" />
</message>
<message>
<source>{n} probes</source>
<translation type="unfinished" />
</message>
<message>
<source>{n} runs</source>
<translation type="unfinished" />
</message>
<message>
<source>{n} s left</source>
<translation type="unfinished" />
</message>
<message>
<source>{n} unsaved runs</source>
<translation type="unfinished" />
</message>
<message>
<source>{n}. seed {seed}</source>
<translation type="unfinished" />
</message>
<message>
<source>{path} does not exist.</source>
<translation type="unfinished" />
</message>
<message>
<source>{path} does not hold this run any more.</source>
<translation type="unfinished" />
</message>
<message>
<source>{path} is none of what memlens opens: a session (.memlens), a model's folder, a baseline's weights (.safetensors), a picture, or a mask (PNG, NPY, JSON).</source>
<translation type="unfinished" />
</message>
<message>
<source>{path} is not there any more</source>
<translation type="unfinished" />
</message>
<message>
<source>{path} was not saved: {folder} is not there any more.</source>
<translation type="unfinished" />
</message>
<message>
<source>{path} was not saved: {reason}</source>
<translation type="unfinished" />
</message>
<message>
<source>{reached} of {steps} steps</source>
<translation type="unfinished" />
</message>
<message>
<source>{symbol} above a threshold</source>
<translation type="unfinished" />
</message>
<message>
<source>{symbol} above threshold</source>
<translation type="unfinished" />
</message>
<message>
<source>{symbol} needs a less-trained baseline: choose one.</source>
<translation type="unfinished" />
</message>
<message>
<source>{symbol}: press C, or stay here a moment</source>
<translation type="unfinished" />
</message>
<message>
<source>{title} is now called {name}.</source>
<translation type="unfinished" />
</message>
<message>
<source>{title} is pinned no more.</source>
<translation type="unfinished" />
</message>
<message>
<source>{typed} was rounded to {kept:g}.</source>
<translation type="unfinished" />
</message>
<message>
<source>{used:.1f} GB</source>
<translation type="unfinished" />
</message>
<message>
<source>{used} of {room} tokens</source>
<translation type="unfinished" />
</message>
<message>
<source>{used} of {room} tokens: the end will be cut off</source>
<translation type="unfinished" />
</message>
<message>
<source>{value}: {count} values</source>
<translation type="unfinished" />
</message>
<message>
<source>Δh ↔ Δs</source>
<translation type="unfinished" />
</message>
<message>
<source>θ̃  Early checkpoint of this model</source>
<translation type="unfinished" />
</message>
<message>
<source>‖(H_c − H_∅)(s_c − s_∅)‖₂ at one step, by default the first.</source>
<translation type="unfinished" />
</message>
<message>
<source>‖ε̂_c − ε̂_∅‖₂ at the first step, where x_T is noise alone.</source>
<translation type="unfinished" />
</message>
<message>
<source>‖∂‖ε̂_c − ε̂_∅‖₂/∂e_i‖₂ for each token's embedding e_i, by default at the first step; the number is that of the token with most.</source>
<translation type="unfinished" />
</message>
<message>
<source>“{0}” is locked: unlock it first.</source>
<translation type="unfinished" />
</message>
<message>
<source>“{name}” is locked: unlock it first.</source>
<translation type="unfinished" />
</message>
<message>
<source>∅  Unconditional only</source>
<translation type="unfinished" />
</message>
</context>
</TS>
